package io.amphio;

import io.amphio.fs.File;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.Arm;
import io.amphio.spi.Pending;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Startable;
import io.amphio.spi.StartableFile;
import io.amphio.spi.StartedWait;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many operations in flight for one task: queued, submitted together, and taken as they end, in the order in which they do.
 *
 * <pre>{@code
 * try (Batch batch = new Batch()) {
 *     for (int i = 0; i < 32; i++) {
 *         batch.read(file, buffers[i], i * SIZE);
 *     }
 *     batch.submit(io);
 *     for (Option<Batch.Entry<?>> next = batch.next(io); next.isDefined(); next = batch.next(io)) {
 *         use(next.get());          // may queue and submit more
 *     }
 * }
 * }</pre>
 *
 * <p>Reads and writes of files are started as they are, without a task for each. Everything else runs as a concurrent task: of an
 * evented {@code Io} that is a coroutine, of a blocking one a thread.
 *
 * <pre>
 *   an entry is   event                next      and then
 *   -----------   ------------------   -------   -----------------------------------------------------------------
 *   QUEUED        submit               RUNNING   it is started, once the lock is free
 *   QUEUED        cancel, close        ENDED     canceled; it was never started
 *   RUNNING       cancel, close        RUNNING   its operation is asked to end
 *   RUNNING       its operation ends   ENDED     it joins the ended ones; the first who waits in next gets it
 *   ENDED         next                 taken     its outcome is the caller's
 *   ENDED         close                dropped   a result that holds something of the system's is closed
 * </pre>
 *
 * <p>No entry is lost and none is told twice: an end and a {@code next} take the same lock. The end hands the entry to a waiter
 * that it has claimed, or leaves it to the next call; a waiter that a deadline or a cancel has claimed gets none. When nothing is
 * left to come, all who wait in {@code next} are told so.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread, also several at once.<br>
 * <b>Waiting:</b> only {@link #next}, and {@link #close} until the last operation has let go of its buffer.
 */
public final class Batch implements AutoCloseable {
    private final SourceLock lock = new SourceLock();
    private final List<Entry<?>> queued = new ArrayList<>(); // @GuardedBy("lock")
    private final Set<Entry<?>> running = new LinkedHashSet<>(); // @GuardedBy("lock")
    private final ArrayDeque<Entry<?>> ended = new ArrayDeque<>(); // @GuardedBy("lock")
    private final WaitQueue takers = new WaitQueue(); // @GuardedBy("lock")
    private final WaitQueue closers = new WaitQueue(); // @GuardedBy("lock")
    private boolean closed; // @GuardedBy("lock")

    /** Creates a batch without operations. */
    public Batch() {}

    /** Starts the operation of an entry. */
    @FunctionalInterface
    private interface Starter<T extends @Nullable Object> {
        Pending start(Io io, Consumer<? super Outcome<T>> done);
    }

    /**
     * One operation of a batch.
     *
     * @param <T> its result
     */
    public static final class Entry<T extends @Nullable Object> {
        private final String name;
        private final Starter<T> starter;
        private @Nullable Pending pending; // @GuardedBy the lock of the batch
        private boolean canceled; // @GuardedBy the lock of the batch: asked to end
        private volatile @Nullable Outcome<T> outcome; // written once

        private Entry(String name, Starter<T> starter) {
            this.name = name;
            this.starter = starter;
        }

        /** Returns whether it has ended. */
        public boolean hasEnded() {
            return outcome != null;
        }

        /**
         * Returns how it ended.
         *
         * @throws IllegalStateException if it has not
         */
        public Outcome<T> outcome() {
            Outcome<T> how = outcome;
            if (how == null) {
                throw new IllegalStateException("outcome of " + name + ": it has not ended");
            }
            return how;
        }

        /**
         * Returns its result, or throws what it failed with.
         *
         * @throws IOException if it failed by that
         * @throws CanceledException if it was canceled
         * @throws TaskException with another checked exception as its cause
         */
        public T get() throws IOException {
            return StartedWait.valueOf(outcome());
        }

        @Override
        public String toString() {
            return name + (hasEnded() ? " (ended)" : "");
        }
    }

    // ---------------------------------------------------------------- queueing

    /** Queues a read of a file, as {@link File#readAt}. The buffer is in use from {@link #submit} until the entry has ended. */
    public Entry<Integer> read(File file, ByteBuffer target, long position) {
        String name = "read " + file.path();
        return file instanceof StartableFile known
                ? add(name, known.reading(target, position))
                : run(name, io -> file.readAt(io, target, position));
    }

    /** Queues a write of a file, as {@link File#writeAt}. The buffer is in use from {@link #submit} until the entry has ended. */
    public Entry<Integer> write(File file, ByteBuffer source, long position) {
        String name = "write " + file.path();
        return file instanceof StartableFile known
                ? add(name, known.writing(source, position))
                : run(name, io -> file.writeAt(io, source, position));
    }

    private <T extends @Nullable Object> Entry<T> add(String name, Startable<T> operation) {
        return add(new Entry<>(name, (io, done) -> operation.start(done)));
    }

    /** Queues a read of a stream, as {@link Stream#read}. */
    public Entry<Integer> read(Stream stream, ByteBuffer target) {
        return run("read " + stream, io -> stream.read(io, target));
    }

    /** Queues a write of a stream, as {@link Stream#write}. */
    public Entry<Integer> write(Stream stream, ByteBuffer source) {
        return run("write " + stream, io -> stream.write(io, source));
    }

    /** Queues an accept, as {@link Server#accept}. */
    public Entry<Stream> accept(Server server) {
        return run("accept " + server, io -> server.accept(io, Timeout.NONE));
    }

    /** Queues a timer, as {@link Io#sleep}. Its result is the duration. */
    public Entry<Duration> sleep(Duration duration) {
        return run("sleep " + duration, io -> {
            io.sleep(duration);
            return duration;
        });
    }

    /**
     * An operation that takes a task of its own.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    public interface Operation<T extends @Nullable Object> {
        /**
         * Runs it.
         *
         * @param io that of the submit
         * @return its result
         * @throws Exception why it failed
         */
        T run(Io io) throws Exception;
    }

    /** Queues an operation of any kind, under a name for messages. It runs as a concurrent task. */
    public <T extends @Nullable Object> Entry<T> run(String name, Operation<T> operation) {
        Objects.requireNonNull(operation, "a batch's operation is null");
        return add(new Entry<>(name, (io, done) -> startTask(name, operation, io, done)));
    }

    private static <T extends @Nullable Object> Pending startTask(
            String name, Operation<T> operation, Io io, Consumer<? super Outcome<T>> done) {
        var started = io.concurrent(() -> runAndTell(operation, io, done));
        if (started.isLeft()) {
            throw new IllegalStateException(
                    name + ": in a batch it takes a task of its own, and there is none: " + started.getLeft());
        }
        return started.get()::requestCancel;
    }

    private static <T extends @Nullable Object> void runAndTell(
            Operation<T> operation, Io io, Consumer<? super Outcome<T>> done) {
        Outcome<T> outcome;
        try {
            outcome = new Outcome.Value<>(operation.run(io));
        } catch (CanceledException canceled) {
            done.accept(new Outcome.Canceled<>(canceled));
            throw canceled;
        } catch (Throwable failure) {
            outcome = new Outcome.Failure<>(failure);
        }
        done.accept(outcome);
    }

    private <T extends @Nullable Object> Entry<T> add(Entry<T> entry) {
        lock.acquire();
        try {
            if (closed) {
                throw new IllegalStateException(entry.name + ": the batch is closed");
            }
            queued.add(entry);
        } finally {
            lock.release();
        }
        return entry;
    }

    // ---------------------------------------------------------------- running

    /**
     * Starts all that is queued. Never waits. What cannot be started ends at once, with the reason.
     *
     * @param io whose tasks and timers are used
     * @return how many were queued
     */
    public int submit(Io io) {
        Objects.requireNonNull(io, "submit: io is null");
        List<Entry<?>> begun;
        lock.acquire();
        try {
            begun = List.copyOf(queued);
            queued.clear();
            running.addAll(begun);
        } finally {
            lock.release();
        }
        for (Entry<?> entry : begun) {
            start(io, entry);
        }
        return begun.size();
    }

    private <T extends @Nullable Object> void start(Io io, Entry<T> entry) {
        Pending pending;
        try {
            pending = entry.starter.start(io, outcome -> end(entry, outcome));
        } catch (Throwable notStarted) {
            end(entry, new Outcome.Failure<>(notStarted));
            return;
        }
        boolean canceled;
        lock.acquire();
        try {
            entry.pending = pending;
            canceled = entry.canceled;
        } finally {
            lock.release();
        }
        if (canceled) { // by who did not find it yet
            pending.cancel();
        }
    }

    /** Any thread, once for each entry. */
    private <T extends @Nullable Object> void end(Entry<T> entry, Outcome<T> outcome) {
        Waiter woken;
        Waiter closing;
        boolean dropped;
        lock.acquire();
        try {
            entry.outcome = outcome;
            running.remove(entry);
            dropped = closed;
            if (!dropped) {
                ended.add(entry);
            }
            woken = handOver();
            closing = running.isEmpty() ? closers.pollAllClaimed() : Waiter.NOBODY;
        } finally {
            lock.release();
        }
        if (dropped) {
            discard(entry);
        }
        Waiter.wakeAll(woken);
        Waiter.wakeAll(closing);
    }

    /** With the lock held: gives what has ended to who waits, or tells all of them that nothing will come. */
    private Waiter handOver() {
        Waiter woken = Waiter.NOBODY;
        while (!ended.isEmpty() || running.isEmpty()) {
            if (!(takers.pollClaimed() instanceof Next next)) {
                return woken;
            }
            next.taken = ended.poll();
            next.woken().linkNext(woken);
            woken = next.woken();
        }
        return woken;
    }

    // ---------------------------------------------------------------- taking

    /** Waits for the next entry that ends, as {@link #next(Io, Timeout)} does, however long that takes. */
    public Option<Entry<?>> next(Io io) {
        return next(io, Timeout.NONE);
    }

    /**
     * Waits for the next entry that ends, and takes it. Cancellation point: if it throws, no entry was taken.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @return the entry; none if nothing is running and all that has ended was taken
     * @throws TimedOutException if {@code timeout} passed first; everything goes on
     */
    public Option<Entry<?>> next(Io io, Timeout timeout) {
        Next next = new Next();
        Waits.await(io, next, timeout);
        return Option.of(next.taken);
    }

    /** Takes an entry that has ended, if there is one. Never waits. */
    public Option<Entry<?>> tryNext() {
        lock.acquire();
        try {
            return Option.of(ended.poll());
        } finally {
            lock.release();
        }
    }

    /** Returns how many entries are queued, running, or ended and not taken. */
    public int size() {
        lock.acquire();
        try {
            return queued.size() + running.size() + ended.size();
        } finally {
            lock.release();
        }
    }

    // ---------------------------------------------------------------- ending

    /**
     * Asks for the end of all that is queued or running. Never waits: {@link #next} goes on to give each entry, canceled or with
     * the result that came first.
     */
    public void cancel() {
        List<Entry<?>> unbegun;
        List<Pending> asked = new ArrayList<>();
        lock.acquire();
        try {
            unbegun = List.copyOf(queued);
            queued.clear();
            running.addAll(unbegun);
            for (Entry<?> entry : running) {
                entry.canceled = true;
                if (entry.pending != null) {
                    asked.add(entry.pending);
                }
            }
        } finally {
            lock.release();
        }
        for (Entry<?> entry : unbegun) {
            endUnbegun(entry);
        }
        asked.forEach(Pending::cancel);
    }

    private <T extends @Nullable Object> void endUnbegun(Entry<T> entry) {
        end(entry, new Outcome.Canceled<>(new CanceledException(entry.name + ": the batch was canceled", null)));
    }

    /**
     * Cancels what is left and waits, in the calling thread's own way, until it has ended: from then on no buffer is in use.
     * Results that nobody took are dropped, and closed if they can be: an accepted stream. Idempotent; not a cancellation point.
     */
    @Override
    public void close() {
        List<Entry<?>> dropped;
        lock.acquire();
        try {
            closed = true;
            dropped = List.copyOf(ended);
            ended.clear();
        } finally {
            lock.release();
        }
        dropped.forEach(Batch::discard);
        cancel();
        Waits.awaitUncanceled(new Idle());
    }

    private static void discard(Entry<?> entry) {
        if (entry.outcome instanceof Outcome.Value<?>(AutoCloseable held)) {
            try {
                held.close();
            } catch (Exception ignored) {
                // nobody asked for it
            }
        }
    }

    /** An entry has ended, or nothing is left to come. */
    private final class Next extends Arm {
        private @Nullable Entry<?> taken; // @GuardedBy("lock") until it has happened

        Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            taken = ended.poll();
            return taken != null || running.isEmpty() ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            takers.add(this);
        }

        @Override
        public String describe() {
            return "next of a batch with " + running.size() + " operations running";
        }
    }

    /** Nothing runs any more. */
    private final class Idle extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return running.isEmpty() ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            closers.add(this);
        }

        @Override
        public String describe() {
            return "close of a batch with " + running.size() + " operations running";
        }
    }
}
