package io.amphio.blocking;

import io.amphio.spi.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Each platform thread's own selector, kept from one wait to the next: opening one costs three system calls and two
 * descriptors, registering with a new one another.
 *
 * <p>Threads of ours close theirs when they end. A thread of somebody else does not tell when it ends: the selector that it
 * leaves is taken over by the next thread that needs one, or closed by a timer that looks after such threads while there are
 * any.
 *
 * <pre>
 *   sweep     event                              next      and then
 *   -------   --------------------------------   -------   --------------------------------------------------
 *   null      a foreign thread needs a selector  a timer
 *   a timer   it fires, foreign ones left        a timer   those of threads that have ended are closed; a new timer
 *   a timer   it fires, none left                null      as above
 *   a timer   close()                            null      the timer is canceled, all are closed
 * </pre>
 *
 * <p><b>Threads:</b> every method may be called from any platform thread.
 */
final class ThreadSelectors {
    private record Owned(Thread owner, OwnedSelector selector) {}

    private static final Duration SHORTEST_SWEEP = Duration.ofMillis(10);

    @SuppressWarnings("ThreadLocalUsage") // one for each Io: a thread may wait in several, and each closes its own
    private final ThreadLocal<@Nullable OwnedSelector> own = new ThreadLocal<>();

    private final Timers timers;
    private final long sweepNanos;
    private final Predicate<Thread> isOurs;
    private final List<Owned> all = new ArrayList<>(); // @GuardedBy("this")
    private Timers.@Nullable Timer sweep; // @GuardedBy("this")

    /**
     * Creates an empty set.
     *
     * @param timers of {@link System#nanoTime}
     * @param expiry how long a selector may stay after its thread has ended, about
     * @param isOurs whether a thread calls {@link #endOfThread} by itself
     */
    ThreadSelectors(Timers timers, Duration expiry, Predicate<Thread> isOurs) {
        this.timers = timers;
        this.sweepNanos = (expiry.compareTo(SHORTEST_SWEEP) < 0 ? SHORTEST_SWEEP : expiry).toNanos();
        this.isOurs = isOurs;
    }

    /** Returns the current thread's selector. */
    OwnedSelector current() throws IOException {
        OwnedSelector known = own.get();
        if (known != null && known.isOpen()) {
            return known;
        }
        OwnedSelector taken = takeOverOrOpen();
        own.set(taken);
        return taken;
    }

    private synchronized OwnedSelector takeOverOrOpen() throws IOException {
        if (sweep == null && !isOurs.test(Thread.currentThread())) {
            sweep = startSweep(); // first, as it may fail
        }
        Owned orphan = null;
        for (Owned owned : all) {
            if (!owned.owner.isAlive()) { // what the dead thread did to it happened before this was seen
                orphan = owned;
                break;
            }
        }
        all.remove(orphan);
        OwnedSelector taken = orphan != null ? orphan.selector : new OwnedSelector();
        all.add(new Owned(Thread.currentThread(), taken));
        return taken;
    }

    private Timers.Timer startSweep() {
        return timers.start(System.nanoTime() + sweepNanos, this::sweep);
    }

    private synchronized void sweep() {
        if (sweep == null) { // closed meanwhile
            return;
        }
        boolean foreignLeft = false;
        for (Iterator<Owned> left = all.iterator(); left.hasNext(); ) {
            Owned owned = left.next();
            if (!owned.owner.isAlive()) {
                left.remove();
                owned.selector.close();
            } else if (!isOurs.test(owned.owner)) {
                foreignLeft = true;
            }
        }
        sweep = foreignLeft ? startSweep() : null;
    }

    /** Closes the current thread's selector, if it has one. */
    void endOfThread() {
        OwnedSelector known = own.get();
        if (known != null) {
            own.remove();
            synchronized (this) {
                all.removeIf(owned -> owned.selector == known);
            }
            known.close();
        }
    }

    /** Closes all; call it when nobody waits in one any more, or will. */
    synchronized void close() {
        Timers.Timer running = sweep;
        if (running != null) {
            sweep = null;
            running.cancel();
        }
        for (Owned owned : all) {
            owned.selector.close();
        }
        all.clear();
    }
}
