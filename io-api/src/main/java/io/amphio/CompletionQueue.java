package io.amphio;

import io.amphio.fs.File;
import io.amphio.spi.Startable;
import io.amphio.spi.Waits;
import io.vavr.control.Option;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A changing set of operations in flight: more are submitted while others run, and each is taken once it has ended, in the order in
 * which they do.
 *
 * <pre>{@code
 * try (CompletionQueue<Event> queue = new CompletionQueue<>(1000)) {
 *     queue.submit(io, "accept", own -> new Accepted(server.accept(own)));
 *     queue.timer(io, Duration.ofSeconds(1), new Tick());
 *     while (true) {
 *         switch (queue.next(io).get().get()) {
 *             case Accepted(Stream stream) -> …       // submits the next accept, and a read of the stream
 *             case Tick() -> …
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A {@link Batch} is for many that are known beforehand and submitted together. Here each is submitted by itself, and at most
 * {@link #capacity} of them are running or wait to be taken: who submits one more waits for a place, so a task that both submits and takes
 * uses {@link #trySubmit}, or never has more in flight than there are places.
 *
 * <p>Reads and writes of files and timers are started as they are. Everything else runs as a concurrent task: of an
 * evented {@code Io} that is a coroutine, of a blocking one a thread.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread, also several at once.<br>
 * <b>Waiting:</b> {@link #next}, {@link #submit} while it is full, and {@link #close} until the last operation has ended.<br>
 * <b>Memory:</b> what an operation did happens-before its taking.
 *
 * @param <T> the result of each
 */
public final class CompletionQueue<T extends @Nullable Object> implements AutoCloseable {
    private final Flights flights;

    /**
     * Creates a queue without operations.
     *
     * @param capacity how many may be running, or have ended without being taken; 1 or more
     */
    public CompletionQueue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a completion queue for " + capacity + " operations");
        }
        flights = new Flights("completion queue", capacity);
    }

    // ---------------------------------------------------------------- submitting

    /** Submits an operation of any kind, as {@link #submit(Io, String, Batch.Operation, Timeout)} does, however long that takes. */
    public InFlight<T> submit(Io io, String name, Batch.Operation<? extends T> operation) {
        return submit(io, name, operation, Timeout.NONE);
    }

    /**
     * Starts an operation of any kind, which runs as a concurrent task, once there is a place for it. Cancellation point: if it
     * throws, nothing was started.
     *
     * @param io who waits, and whose tasks are used
     * @param name for messages
     * @param operation what to run
     * @param timeout how long to wait for a place
     * @throws TimedOutException if {@code timeout} passed first
     * @throws IllegalStateException if this queue is closed
     */
    public InFlight<T> submit(Io io, String name, Batch.Operation<? extends T> operation, Timeout timeout) {
        return submit(io, name, Starters.task(name, operation), timeout);
    }

    /** Starts an operation if there is a place for it, and returns it; none if there is not. Never waits. */
    public Option<InFlight<T>> trySubmit(Io io, String name, Batch.Operation<? extends T> operation) {
        Objects.requireNonNull(io, "trySubmit: io is null");
        InFlight<T> entering = new InFlight<>(flights, name, Starters.<T>task(name, operation));
        Flights.Place place = flights.place(entering);
        if (!Waits.attempt(place)) {
            return Option.none();
        }
        return Option.of(begin(io, entering, place));
    }

    /**
     * Starts what tells by itself how it ended, as {@link #submit(Io, String, Batch.Operation, Timeout)} does, without a task for it:
     * for who writes such operations.
     */
    public InFlight<T> start(Io io, String name, Startable<? extends T> operation, Timeout timeout) {
        return submit(io, name, Starters.of(operation), timeout);
    }

    /**
     * Starts a read of a file, as {@link File#readAt}, once there is a place for it. The buffer is in use until it has ended.
     * Cancellation point.
     *
     * @param result of the number of bytes, or -1 at the end; called by who ends it, so it does not wait
     */
    public InFlight<T> read(Io io, File file, ByteBuffer target, long position, IntFunction<? extends T> result) {
        return submit(io, "read " + file.path(), Starters.read(file, target, position, result), Timeout.NONE);
    }

    /** Starts a write of a file, as {@link File#writeAt}, as {@link #read} does a read. */
    public InFlight<T> write(Io io, File file, ByteBuffer source, long position, IntFunction<? extends T> result) {
        return submit(io, "write " + file.path(), Starters.write(file, source, position, result), Timeout.NONE);
    }

    /** Starts a timer, once there is a place for it; when it fires, it ends with {@code result}. Cancellation point. */
    public InFlight<T> timer(Io io, Duration duration, T result) {
        return submit(io, "a timer of " + duration, Starters.timer(duration, result), Timeout.NONE);
    }

    private InFlight<T> submit(Io io, String name, Starters.Starter<? extends T> starter, Timeout timeout) {
        InFlight<T> entering = new InFlight<>(flights, name, starter);
        Flights.Place place = flights.place(entering);
        Waits.await(io, place, timeout);
        return begin(io, entering, place);
    }

    private InFlight<T> begin(Io io, InFlight<T> entering, Flights.Place place) {
        place.requireEntered();
        flights.start(io, entering);
        return entering;
    }

    // ---------------------------------------------------------------- taking

    /** Waits for the next operation that ends, as {@link #next(Io, Timeout)} does, however long that takes. */
    public Option<InFlight<T>> next(Io io) {
        return next(io, Timeout.NONE);
    }

    /**
     * Waits for the next operation that ends, and takes it. Cancellation point: if it throws, none was taken.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @return the operation; none if nothing is running and all that has ended was taken
     * @throws TimedOutException if {@code timeout} passed first; everything goes on
     */
    public Option<InFlight<T>> next(Io io, Timeout timeout) {
        return typed(flights.next(io, timeout));
    }

    /** Takes an operation that has ended, if there is one. Never waits. */
    public Option<InFlight<T>> tryNext() {
        return typed(flights.tryNext());
    }

    @SuppressWarnings("unchecked") // whatever has entered is of this queue's type
    private static <T extends @Nullable Object> Option<InFlight<T>> typed(@Nullable InFlight<?> taken) {
        return Option.of((InFlight<T>) taken);
    }

    /** Returns what a {@link Select} waits for: the same as {@link #next}. Good for one wait. */
    public Next<T> nextArm() {
        return new Next<>(flights);
    }

    /**
     * That an operation has ended, or nothing is left to come.
     *
     * @param <T> its result
     */
    public static final class Next<T extends @Nullable Object> extends Flights.Next {
        private Next(Flights of) {
            super(of);
        }

        /** Returns the operation, once this has happened; none if nothing is left to come. */
        public Option<InFlight<T>> operation() {
            return typed(taken());
        }
    }

    /** Returns how many operations are running, or have ended and were not taken. */
    public int size() {
        return flights.size();
    }

    /** Returns how many there may be. */
    public int capacity() {
        return flights.capacity();
    }

    // ---------------------------------------------------------------- ending

    /**
     * Asks for the end of all that is running; {@link InFlight#cancel} does for one. Never waits: {@link #next} goes on to give each,
     * canceled or with the result that came first.
     */
    public void cancel() {
        flights.cancelAll();
    }

    /**
     * Refuses more, cancels what is left and waits, in the calling thread's own way, until it has ended: from then on no buffer is in
     * use. Results that nobody took are dropped, and closed if they can be: an accepted stream. Who waits to submit is refused, who
     * waits to take gets none. Idempotent; not a cancellation point.
     */
    @Override
    public void close() {
        flights.refuseMore();
        flights.cancelAll();
        flights.awaitEnd();
    }

    @Override
    public String toString() {
        return "completion queue (" + size() + " of " + capacity() + ")";
    }
}
