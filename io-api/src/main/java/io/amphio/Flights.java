package io.amphio;

import io.amphio.spi.Arm;
import io.amphio.spi.Pending;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations that are in flight for somebody, and those of them that have ended: what {@link Batch} and {@link CompletionQueue}
 * have in common.
 *
 * <pre>
 *   an operation is   event                next      and then
 *   ---------------   ------------------   -------   -------------------------------------------------------------
 *   outside           there is a place     RUNNING   it is started, once the lock is free
 *   RUNNING           cancel, close        RUNNING   its operation is asked to end; if it has not started, it never does
 *   RUNNING           its operation ends   ENDED     it joins the ended ones; the first who waits in next gets it
 *   ENDED             next                 taken     its outcome is the caller's, its place the next submitter's
 *   ENDED             close                dropped   a result that holds something of the system's is closed
 * </pre>
 *
 * <p>None is lost and none is told twice: an end and a {@code next} take the same lock. The end hands the operation to a waiter
 * that it has claimed, or leaves it to the next call; a waiter that a deadline or a cancel has claimed gets none. When nothing is
 * left to come, all who wait in {@code next} are told so. What a waiter finds is written before it is claimed, as it may go on at once. A place that becomes free is given, under the same lock, to the submitter who has
 * waited longest and is still there; so nobody waits for a place beside a free one.
 *
 * <p><b>Threads:</b> any.
 */
final class Flights {
    final SourceLock lock = new SourceLock();
    private final String what; // for messages
    private final int capacity;
    private final Set<InFlight<?>> running = new LinkedHashSet<>(); // @GuardedBy("lock")
    private final ArrayDeque<InFlight<?>> ended = new ArrayDeque<>(); // @GuardedBy("lock")
    private final WaitQueue takers = new WaitQueue(); // @GuardedBy("lock")
    private final WaitQueue submitters = new WaitQueue(); // @GuardedBy("lock")
    private final WaitQueue closers = new WaitQueue(); // @GuardedBy("lock")
    private boolean closed; // @GuardedBy("lock")

    /**
     * Creates one without operations.
     *
     * @param what whose, for messages
     * @param capacity how many may be running, or have ended without being taken
     */
    Flights(String what, int capacity) {
        this.what = what;
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    /** With the lock held: refuses once it is closed. */
    void requireOpen(String name) {
        if (closed) {
            throw new IllegalStateException(name + ": the " + what + " is closed");
        }
    }

    // ---------------------------------------------------------------- entering

    /** With the lock held: lets them in, whatever the capacity; {@link #start} each after that. */
    void enter(List<? extends InFlight<?>> entering) {
        running.addAll(entering);
    }

    /** Returns a wait for a place for {@code entering}; once it has happened, {@link Place#requireEntered} and {@link #start}. */
    Place place(InFlight<?> entering) {
        return new Place(entering);
    }

    private boolean isFull() {
        return running.size() + ended.size() >= capacity;
    }

    /** Starts one that has entered. Never throws: what cannot be started ends with the reason. */
    void start(Io io, InFlight<?> entered) {
        boolean canceled;
        lock.acquire();
        try {
            canceled = entered.canceled;
        } finally {
            lock.release();
        }
        if (canceled) {
            end(entered, Starters.canceled(entered.name()));
            return;
        }
        Pending pending;
        try {
            pending = entered.start(io);
        } catch (Throwable notStarted) {
            end(entered, new Outcome.Failure<>(notStarted));
            return;
        }
        lock.acquire();
        try {
            entered.pending = pending;
            canceled = entered.canceled;
        } finally {
            lock.release();
        }
        if (canceled) { // by who did not find it yet
            pending.cancel();
        }
    }

    /** Any thread, once for each that has entered. */
    void end(InFlight<?> ending, Outcome<?> outcome) {
        Waiter woken;
        boolean dropped;
        lock.acquire();
        try {
            ending.endAs(outcome);
            running.remove(ending);
            dropped = closed;
            if (!dropped) {
                ended.add(ending);
            }
            woken = handOver();
            if (running.isEmpty()) {
                woken = chained(closers.pollAllClaimed(), woken);
            }
        } finally {
            lock.release();
        }
        if (dropped) {
            discard(ending);
        }
        Waiter.wakeAll(woken);
    }

    // ---------------------------------------------------------------- taking

    /** With the lock held: gives what has ended to who waits, or tells all of them that nothing will come. */
    private Waiter handOver() {
        Waiter woken = Waiter.NOBODY;
        while (!ended.isEmpty() || running.isEmpty()) {
            if (!(takers.poll() instanceof Next next)) {
                return woken;
            }
            next.taken = ended.peek(); // before the claim: from that on its task may go on, and look
            if (next.claim()) {
                ended.poll();
                woken = chained(next.woken(), woken);
                woken = chained(givePlaces(), woken); // before anybody is told that nothing will come
            }
        }
        return woken;
    }

    /** With the lock held: gives the places that are free to who has waited longest for one. */
    private Waiter givePlaces() {
        Waiter woken = Waiter.NOBODY;
        while (!isFull() && submitters.poll() instanceof Place place) {
            place.entered = true; // before the claim, as above; who was claimed by another does not look
            if (place.claim()) {
                running.add(place.entering);
                woken = chained(place.woken(), woken);
            }
        }
        return woken;
    }

    /** Chains {@code rest} behind the chain that begins with {@code first}. */
    private static Waiter chained(Waiter first, Waiter rest) {
        return first == Waiter.NOBODY ? rest : rest == Waiter.NOBODY ? first : Waiter.joined(first, rest);
    }

    @Nullable
    InFlight<?> next(Io io, Timeout timeout) {
        Next next = new Next(this);
        Waits.await(io, next, timeout);
        return next.taken;
    }

    @Nullable
    InFlight<?> tryNext() {
        InFlight<?> taken;
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            taken = ended.poll();
            if (taken != null) {
                woken = givePlaces();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        return taken;
    }

    /** Returns how many are running, or have ended and were not taken. */
    int size() {
        lock.acquire();
        try {
            return running.size() + ended.size();
        } finally {
            lock.release();
        }
    }

    // ---------------------------------------------------------------- ending

    void cancel(InFlight<?> one) {
        Pending asked;
        lock.acquire();
        try {
            one.canceled = true;
            asked = one.hasEnded() ? null : one.pending;
        } finally {
            lock.release();
        }
        if (asked != null) {
            asked.cancel();
        }
    }

    /** Asks for the end of all that have entered. Never waits. */
    void cancelAll() {
        List<Pending> asked = new ArrayList<>();
        lock.acquire();
        try {
            for (InFlight<?> each : running) {
                each.canceled = true;
                if (each.pending != null) {
                    asked.add(each.pending);
                }
            }
        } finally {
            lock.release();
        }
        asked.forEach(Pending::cancel);
    }

    /** Refuses more and drops what has ended; {@link #awaitEnd} after a {@link #cancelAll}. Idempotent. */
    void refuseMore() {
        List<InFlight<?>> dropped;
        Waiter woken;
        lock.acquire();
        try {
            closed = true;
            dropped = List.copyOf(ended);
            ended.clear();
            woken = chained(submitters.pollAllClaimed(), handOver());
        } finally {
            lock.release();
        }
        dropped.forEach(Flights::discard);
        Waiter.wakeAll(woken);
    }

    /** Waits until nothing is running, in the calling thread's own way. */
    void awaitEnd() {
        Waits.awaitUncanceled(new Idle());
    }

    private static void discard(InFlight<?> one) {
        if (one.outcome() instanceof Outcome.Value<?>(AutoCloseable held)) {
            try {
                held.close();
            } catch (Exception ignored) {
                // nobody asked for it
            }
        }
    }

    // ---------------------------------------------------------------- what is waited for

    /** One has ended, or nothing is left to come. */
    static class Next extends Arm {
        private final Flights of;
        private @Nullable InFlight<?> taken; // written with the lock held, before the claim

        Next(Flights of) {
            this.of = of;
        }

        @Nullable
        InFlight<?> taken() {
            return taken;
        }

        private Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return of.lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            taken = of.ended.poll();
            if (taken != null) {
                return of.givePlaces();
            }
            return of.running.isEmpty() ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            of.takers.add(this);
        }

        @Override
        public String describe() {
            return "next of a " + of.what + " with " + of.running.size() + " operations running";
        }
    }

    /** There is a place for one more, which it then has; or there never will be, as all is closed. */
    final class Place extends Arm {
        private final InFlight<?> entering;
        private boolean entered; // written with the lock held, before the claim

        private Place(InFlight<?> entering) {
            this.entering = entering;
        }

        void requireEntered() {
            if (!entered) {
                throw new IllegalStateException(entering.name() + ": the " + what + " is closed");
            }
        }

        private Waiter woken() {
            return waiter();
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (closed) {
                return Waiter.NOBODY;
            }
            if (isFull()) {
                return null;
            }
            running.add(entering);
            entered = true;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            submitters.add(this);
        }

        @Override
        public String describe() {
            return "submit " + entering.name() + " to a " + what + " (capacity " + capacity + ", full)";
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
            return "close of a " + what + " with " + running.size() + " operations running";
        }
    }
}
