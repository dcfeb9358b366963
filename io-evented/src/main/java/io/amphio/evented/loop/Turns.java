package io.amphio.evented.loop;

import io.amphio.evented.backend.Backend;
import java.util.function.BooleanSupplier;

/**
 * The turns of one loop: whole ones; by halves, for {@link Embedding}; and what a spare does of one ({@link Supervision}).
 *
 * <p>The order inside of a turn is told at {@link EventLoop}. It is here because of who else takes part: other threads by the two
 * inboxes, and a foreign loop, or a spare, in place of the poll that waits.
 *
 * <p><b>Threads:</b> whoever has {@link Custody custody} of the loop, but for {@link #post}, {@link #giveBack}, {@link #wake} and
 * the counts, which are for any.
 */
final class Turns {
    static final long FOREVER = -1;

    private final EventLoop loop;
    private final Backend backend;
    private final LoopWork work;
    private final InFlight inFlight;
    private final TimerQueues timers;
    private final Routing routing;

    private final Inbox inbox = new Inbox();
    private final Inbox returns = new Inbox(); // what comes back from the pool; open until nothing is there any more
    private final LoopCounters counters = new LoopCounters();
    private final Sleep sleep;
    private final BooleanSupplier awaited = this::isAwaited;
    private int calls; // who has custody: callbacks of this turn

    Turns(EventLoop loop, Backend backend, LoopWork work, InFlight inFlight, TimerQueues timers, Routing routing) {
        this.loop = loop;
        this.backend = backend;
        this.work = work;
        this.inFlight = inFlight;
        this.timers = timers;
        this.routing = routing;
        this.sleep = new Sleep(backend, counters);
    }

    // ---- any thread

    /** Returns false if the loop is closed. */
    boolean post(Inbox.Node node) {
        if (!inbox.push(node)) {
            return false;
        }
        sleep.wake();
        return true;
    }

    /** A worker: something comes back. The loop does not end before that. */
    void giveBack(Inbox.Node node) {
        returns.push(node);
        sleep.wake();
    }

    void wake() {
        sleep.wake();
    }

    long wakeUps() {
        return sleep.wakeUps();
    }

    LoopCounters counters() {
        return counters;
    }

    // ---- who has custody

    /** A whole turn; returns how many callbacks it called. */
    int turn(long maxWaitNanos) {
        counters.turnBegins();
        calls = 0;
        routing.visitKept();
        inbox.visitAll(loop);
        sleep.poll(calls > 0 ? 0 : waitNanos(maxWaitNanos), awaited);
        inbox.visitAll(loop);
        callBack();
        return calls;
    }

    /** The first half of one: nobody is called. */
    void poll(long maxWaitNanos) {
        sleep.poll(waitNanos(maxWaitNanos), awaited);
    }

    /** The second half. */
    int dispatch() {
        calls = 0;
        routing.visitKept();
        inbox.visitAll(loop);
        callBack();
        return calls;
    }

    /** Before a foreign loop waits: returns for how long it may. */
    long announceWait() {
        long nanos = sleep.announce(awaited) ? 0 : waitNanos(FOREVER);
        backend.flush(); // what is prepared, by a timer's alarm too, or the number never becomes readable
        return nanos;
    }

    /** What a spare can do of a turn: it does not wait, and submits nothing. */
    void standIn() {
        inbox.visitAll(loop);
        if (backend.reapsWithoutOwner()) {
            backend.reap();
        }
        callBack();
    }

    /** Before work that may take long: what only this thread can hand to the kernel. */
    void flush() {
        counters.callBegins(); // a kernel may do at once what it is given, and take its time
        try {
            backend.flush();
        } finally {
            counters.callEnds();
        }
    }

    /** The last one: ends what is in flight, and takes nothing more from anybody. */
    void close() {
        inFlight.cancelAll();
        routing.visitKept();
        inbox.close(loop);
        while (inFlight.underWayCount() + inFlight.dueCount() > 0) {
            if (inFlight.dueCount() > 0) {
                inFlight.dispatch(); // the last member of a group ends the group
            } else {
                sleep.poll(FOREVER, () -> !returns.isEmpty());
                returns.visitAll(loop);
            }
        }
        returns.close(loop);
        timers.clear();
    }

    /** Runs user code. */
    void call(Runnable callback) {
        calls++;
        try {
            callback.run();
        } catch (Throwable e) {
            loop.report(e);
        }
    }

    /** Whether nothing is left to come. */
    boolean isIdle() {
        return inFlight.underWayCount() == 0
                && inFlight.dueCount() == 0
                && timers.areEmpty()
                && inbox.isEmpty()
                && !work.hasReady();
    }

    private void callBack() {
        returns.visitAll(loop);
        inFlight.dispatch();
        timers.fire();
    }

    private long waitNanos(long maxWaitNanos) {
        return maxWaitNanos == 0 || inFlight.dueCount() > 0 ? 0 : timers.waitNanos(maxWaitNanos);
    }

    private boolean isAwaited() {
        return !inbox.isEmpty() || !returns.isEmpty() || loop.isStopping() || work.hasReady();
    }
}
