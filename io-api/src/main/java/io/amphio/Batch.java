package io.amphio;

import io.amphio.fs.File;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.SourceLock;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 *     for (Option<InFlight<?>> next = batch.next(io); next.isDefined(); next = batch.next(io)) {
 *         use(next.get());          // may queue and submit more
 *     }
 * }
 * }</pre>
 *
 * <p>Reads and writes of files and timers are started as they are, without a task for each. Everything else runs as a concurrent task: of an
 * evented {@code Io} that is a coroutine, of a blocking one a thread.
 *
 * <pre>
 *   an entry is   event                next      and then
 *   -----------   ------------------   -------   ------------------------------------------------
 *   QUEUED        submit               RUNNING   it is started; from here on it is one of its Flights
 *   QUEUED        cancel, close        ENDED     canceled; it was never started
 * </pre>
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread, also several at once.<br>
 * <b>Waiting:</b> only {@link #next}, and {@link #close} until the last operation has let go of its buffer.
 */
public final class Batch implements AutoCloseable {
    private final Flights flights = new Flights("batch", Integer.MAX_VALUE);
    private final SourceLock lock = flights.lock;
    private final List<InFlight<?>> queued = new ArrayList<>(); // @GuardedBy("lock")

    /** Creates a batch without operations. */
    public Batch() {}

    // ---------------------------------------------------------------- queueing

    /** Queues a read of a file, as {@link File#readAt}. The buffer is in use from {@link #submit} until the entry has ended. */
    public InFlight<Integer> read(File file, ByteBuffer target, long position) {
        return add("read " + file.path(), Starters.read(file, target, position, Integer::valueOf));
    }

    /** Queues a write of a file, as {@link File#writeAt}. The buffer is in use from {@link #submit} until the entry has ended. */
    public InFlight<Integer> write(File file, ByteBuffer source, long position) {
        return add("write " + file.path(), Starters.write(file, source, position, Integer::valueOf));
    }

    /** Queues a read of a stream, as {@link Stream#read}. */
    public InFlight<Integer> read(Stream stream, ByteBuffer target) {
        return run("read " + stream, io -> stream.read(io, target));
    }

    /** Queues a write of a stream, as {@link Stream#write}. */
    public InFlight<Integer> write(Stream stream, ByteBuffer source) {
        return run("write " + stream, io -> stream.write(io, source));
    }

    /** Queues an accept, as {@link Server#accept}. */
    public InFlight<Stream> accept(Server server) {
        return run("accept " + server, io -> server.accept(io, Timeout.NONE));
    }

    /** Queues a timer, as {@link Io#sleep}. Its result is the duration. */
    public InFlight<Duration> sleep(Duration duration) {
        return add("sleep " + duration, Starters.timer(duration, duration));
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
    public <T extends @Nullable Object> InFlight<T> run(String name, Operation<T> operation) {
        return add(name, Starters.task(name, operation));
    }

    private <T extends @Nullable Object> InFlight<T> add(String name, Starters.Starter<? extends T> starter) {
        InFlight<T> entry = new InFlight<>(flights, name, starter);
        lock.acquire();
        try {
            flights.requireOpen(name);
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
        List<InFlight<?>> begun = enterQueued();
        for (InFlight<?> entry : begun) {
            flights.start(io, entry);
        }
        return begun.size();
    }

    private List<InFlight<?>> enterQueued() {
        lock.acquire();
        try {
            List<InFlight<?>> entering = List.copyOf(queued);
            queued.clear();
            flights.enter(entering);
            return entering;
        } finally {
            lock.release();
        }
    }

    // ---------------------------------------------------------------- taking

    /** Waits for the next entry that ends, as {@link #next(Io, Timeout)} does, however long that takes. */
    public Option<InFlight<?>> next(Io io) {
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
    public Option<InFlight<?>> next(Io io, Timeout timeout) {
        return Option.of(flights.next(io, timeout));
    }

    /** Takes an entry that has ended, if there is one. Never waits. */
    public Option<InFlight<?>> tryNext() {
        return Option.of(flights.tryNext());
    }

    /** Returns how many entries are queued, running, or ended and not taken. */
    public int size() {
        int waiting;
        lock.acquire();
        try {
            waiting = queued.size();
        } finally {
            lock.release();
        }
        return waiting + flights.size();
    }

    // ---------------------------------------------------------------- ending

    /**
     * Asks for the end of all that is queued or running. Never waits: {@link #next} goes on to give each entry, canceled or with
     * the result that came first.
     */
    public void cancel() {
        for (InFlight<?> entry : enterQueued()) {
            flights.end(entry, Starters.canceled(entry.name()));
        }
        flights.cancelAll();
    }

    /**
     * Cancels what is left and waits, in the calling thread's own way, until it has ended: from then on no buffer is in use.
     * Results that nobody took are dropped, and closed if they can be: an accepted stream. Idempotent; not a cancellation point.
     */
    @Override
    public void close() {
        flights.refuseMore();
        cancel();
        flights.awaitEnd();
    }
}
