package io.amphio.console;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.amphio.stream.Readable;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a stream whose own reads can neither be canceled nor waited for without a thread. A thread of its own reads, only when
 * somebody waits, and no more than that one has room for.
 *
 * <pre>
 *   state   event                        next     and then
 *   -----   --------------------------   ------   ----------------------------------------------------------------
 *   IDLE    a read finds nothing         WANTED   the thread begins to read
 *   WANTED  bytes, the end, or an error  TOLD     the read that waits is woken
 *   WANTED  the read is canceled         WANTED   it goes; the next waits for the same
 *   TOLD    a read takes bytes           TOLD     or IDLE, if it took the last
 *   TOLD    a read is told the end or    IDLE     told once: of a terminal, more may come
 *           the error
 * </pre>
 *
 * <p>Reads take turns ({@code turn}); whoever has it is the only one to take. So what a read was woken for is still there when it
 * looks, and a cancel, which can only hit the waits for the turn and for the thread, loses no byte.
 *
 * <p>No wake-up is lost: the read sets {@code wanted} and then unparks the thread, which looks at it after each return of park. The
 * thread tells under the lock, and the wait attempts under the same.
 */
final class ConsoleInput implements Readable {
    private static final int MOST_BYTES = 8192;

    private final String name;
    private final InputStream source; // the thread's
    private final Mutex turn = new Mutex();
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiters = new WaitQueue(); // @GuardedBy("lock")
    private final byte[] bytes = new byte[MOST_BYTES]; // the thread's while WANTED, else of who has the turn
    private volatile int wanted; // 0 is not WANTED; set by who has the turn, taken away by the thread
    private boolean told; // @GuardedBy("lock"): the three below are the reads'
    private int from; // of who has the turn, or the thread's while WANTED
    private int to; // as above; less than 0 is the end
    private @Nullable IOException failure; // as above
    private @Nullable Thread thread; // of who has the turn

    ConsoleInput(String name, InputStream source) {
        this.name = name;
        this.source = source;
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        turn.lock(io);
        try {
            if (!target.hasRemaining()) {
                return 0;
            }
            if (!isTold()) {
                want(Math.min(target.remaining(), MOST_BYTES));
                Waits.await(io, new Told(), Timeout.NONE);
            }
            return take(target);
        } finally {
            turn.unlock();
        }
    }

    private boolean isTold() {
        lock.acquire();
        try {
            return told;
        } finally {
            lock.release();
        }
    }

    private void want(int count) {
        if (wanted == 0) {
            Thread reading = thread;
            if (reading == null) {
                reading = Thread.ofPlatform()
                        .name("amphio-" + name.replace(' ', '-'))
                        .daemon()
                        .start(this::readWanted);
                thread = reading;
            }
            wanted = count;
            LockSupport.unpark(reading);
        }
    }

    private int take(ByteBuffer target) throws IOException {
        IOException thrown = failure;
        if (thrown != null || to < 0) {
            failure = null;
            forget();
            if (thrown != null) {
                throw new IOException("read " + name + ": " + thrown.getMessage(), thrown);
            }
            return -1;
        }
        int count = Math.min(target.remaining(), to - from);
        target.put(bytes, from, count);
        from += count;
        if (from == to) {
            forget();
        }
        return count;
    }

    private void forget() {
        lock.acquire();
        told = false;
        lock.release();
    }

    private void readWanted() {
        while (true) {
            int count = wanted;
            if (count == 0) {
                LockSupport.park(this);
                continue;
            }
            try {
                to = source.read(bytes, 0, count);
            } catch (IOException e) {
                failure = e;
            } catch (RuntimeException e) { // of a stream that is not the process's
                failure = new IOException(e.toString(), e);
            }
            from = 0;
            wanted = 0; // before it is told: who is woken may want more at once
            Waiter woken;
            lock.acquire();
            try {
                told = true;
                woken = waiters.pollAllClaimed();
            } finally {
                lock.release();
            }
            Waiter.wakeAll(woken);
        }
    }

    /** There are bytes, or the end, or an error. */
    private final class Told extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return told ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            waiters.add(this);
        }

        @Override
        public String describe() {
            return "read " + name;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
