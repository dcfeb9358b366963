package io.amphio.logging;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes log records into a bounded queue, from which a thread of its own gives them to another handler: so nobody who logs ever waits
 * for a slow disk or a terminal that somebody has stopped; least of all an event loop.
 *
 * <p>One line at the start of {@code main} puts it in front of what is configured: {@code QueuedHandler.install();}. It is a handler of
 * {@code java.util.logging}, to which the JDK gives what {@link System.Logger}s are told, ours too, unless another
 * logging framework has taken that over; such a one has a queue of its own.
 *
 * <p>Records are written in the order in which they were logged. <b>When the queue is full, records are dropped</b>, since the
 * alternative would be to wait. They are counted, and where they are missing, one WARNING of the logger {@code io.amphio.log} says how many. The
 * caller's class and method are found before a record is queued; its parameters are formatted later, so they should not change.
 *
 * <pre>
 *   queued     event                next      and then
 *   --------   ------------------   -------   -----------------------------------------------------------------
 *   any        publish              one more  the thread is unparked if it is idle
 *   capacity   publish              same      the record is dropped and counted
 *   above 0    the thread takes it  one less  first it reports what was dropped before that record
 * </pre>
 *
 * <p>No record is left over: the thread says that it is idle and then looks once more; who publishes queues first, and then asks
 * whether it is idle.
 *
 * <p><b>Threads:</b> any.
 */
public final class QueuedHandler extends Handler {
    /** How many records are queued if nothing else is asked for. */
    public static final int DEFAULT_CAPACITY = 4096;

    private static final Duration LIMIT =
            Duration.ofSeconds(2); // of flush and close: a log that nobody reads holds up no exit

    private final Handler target;
    private final int capacity;
    private final Duration limit;
    private final ConcurrentLinkedQueue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger(); // never less than what is in the queue
    private final AtomicLong dropped = new AtomicLong(); // in all
    private final AtomicLong unreported = new AtomicLong();
    private final AtomicLong published = new AtomicLong(); // how many were queued
    private final SourceLock lock = new SourceLock();
    private final WaitQueue flushers = new WaitQueue(); // @GuardedBy("lock")
    private long written; // @GuardedBy("lock"): how many of those are through
    private volatile boolean idle = true; // the thread's, once there is one
    private volatile boolean closed; // written once
    private @Nullable Thread thread; // @GuardedBy("lock")

    /** A record, and how many before it were dropped since the one before. */
    private record Entry(LogRecord told, long droppedBefore) {}

    /**
     * Creates one in front of {@code target}, which from now on belongs to it: closing it closes the target.
     *
     * @param target who writes; its level, filter and formatter count
     * @param capacity how many records may wait; 1 or more
     */
    public QueuedHandler(Handler target, int capacity) {
        this(target, capacity, LIMIT);
    }

    QueuedHandler(Handler target, int capacity, Duration limit) {
        this.limit = limit;
        this.target = Objects.requireNonNull(target, "a queued handler's target is null");
        if (capacity < 1) {
            throw new IllegalArgumentException("a queue of " + capacity + " log records");
        }
        this.capacity = capacity;
    }

    /** Puts one in front of each handler of the root logger that has none yet. */
    public static void install() {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler each : root.getHandlers()) {
            if (!(each instanceof QueuedHandler)) {
                root.removeHandler(each);
                root.addHandler(new QueuedHandler(each, DEFAULT_CAPACITY));
            }
        }
    }

    /** Returns how many records were dropped so far because the queue was full. */
    public long dropped() {
        return dropped.get();
    }

    /** Queues a record or drops it. Never waits, and is no cancellation point. */
    @Override
    public void publish(@Nullable LogRecord told) {
        if (told == null || closed || !isLoggable(told) || !target.isLoggable(told)) {
            return;
        }
        if (queued.incrementAndGet() > capacity) {
            queued.decrementAndGet();
            dropped.incrementAndGet();
            unreported.incrementAndGet();
            return;
        }
        told.getSourceClassName(); // it looks at the stack, which must be the caller's
        queue.add(new Entry(told, unreported.getAndSet(0)));
        published.incrementAndGet();
        if (idle) {
            LockSupport.unpark(thread());
        }
    }

    private Thread thread() {
        lock.acquire();
        try {
            if (thread != null) {
                return thread;
            }
        } finally {
            lock.release();
        }
        Thread created = Thread.ofPlatform().name("amphio-log").daemon().unstarted(this::writeAll);
        lock.acquire();
        try {
            if (thread != null) {
                return thread;
            }
            thread = created;
        } finally {
            lock.release();
        }
        created.start();
        return created;
    }

    private void writeAll() {
        while (true) {
            Entry next = queue.poll();
            if (next == null) {
                idle = true; // and look once more
                for (next = queue.poll(); next == null; next = queue.poll()) {
                    LockSupport.park(this);
                }
                idle = false;
            }
            queued.decrementAndGet();
            write(next);
            written();
        }
    }

    private void write(Entry entry) {
        try {
            report(entry.droppedBefore(), entry.told());
            target.publish(entry.told());
            if (queue.isEmpty()) { // nothing is there that could tell of those after it
                report(unreported.getAndSet(0), entry.told());
            }
        } catch (RuntimeException | Error failed) { // of a formatter, say: the records after it are still to be written
            reportError(
                    "write a log record: " + failed,
                    failed instanceof Exception exception ? exception : null,
                    ErrorManager.WRITE_FAILURE);
        }
    }

    private void report(long missing, LogRecord beside) {
        if (missing > 0) {
            LogRecord report = new LogRecord(
                    Level.WARNING,
                    missing + " log records are missing here: the log is slower than what is logged, and its queue of "
                            + capacity + " was full");
            report.setLoggerName("io.amphio.log");
            report.setInstant(beside.getInstant());
            target.publish(report);
        }
    }

    private void written() {
        Waiter woken;
        lock.acquire();
        try {
            written++;
            woken = flushers.pollAllClaimed(); // each looks again whether it was for that one
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /** Waits until what was published before is written, but no longer than 2 s. In a task, only that waits. */
    @Override
    public void flush() {
        awaitWritten();
        target.flush();
    }

    private boolean awaitWritten() {
        long wanted = published.get();
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (wrote() < wanted) {
            if (!Waits.awaitUntil(new Through(wrote()), deadlineNanos)) {
                return false;
            }
        }
        return true;
    }

    private long wrote() {
        lock.acquire();
        long count = written;
        lock.release();
        return count;
    }

    /** Takes no more records, writes what is queued, but for no longer than 2 s, and closes the target. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (awaitWritten()) {
                target.close();
            } // else its thread is inside of it, and closing it would wait for that one
        }
    }

    /** More was written than {@code seen}. */
    private final class Through extends Arm {
        private final long seen;

        Through(long seen) {
            this.seen = seen;
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return written > seen ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            flushers.add(this);
        }

        @Override
        public String describe() {
            return "flush of a log with " + queued + " records queued";
        }
    }
}
