package io.amphio.evented.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a loop counts. One thread writes each count at any time, so it needs no atomic addition; the write is opaque, which is as
 * cheap as a plain one and lets any other thread read the count whole, at any time.
 *
 * <p>The pulse is odd while the loop is in a call of its backend and even otherwise: who watches a loop reads one word to know
 * whether it moves, and whether it only waits for the kernel, which is no fault of what runs on the loop. It is 0 until the loop's
 * thread has begun its first turn.
 */
final class LoopCounters {
    private static final VarHandle TURNS;
    private static final VarHandle PULSE;
    private static final VarHandle POLLS;
    private static final VarHandle PARKS;
    private static final VarHandle TIMERS_FIRED;

    static {
        var lookup = MethodHandles.lookup();
        try {
            TURNS = lookup.findVarHandle(LoopCounters.class, "turns", long.class);
            PULSE = lookup.findVarHandle(LoopCounters.class, "pulse", long.class);
            POLLS = lookup.findVarHandle(LoopCounters.class, "polls", long.class);
            PARKS = lookup.findVarHandle(LoopCounters.class, "parks", long.class);
            TIMERS_FIRED = lookup.findVarHandle(LoopCounters.class, "timersFired", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long turns; // the loop's own thread
    private long pulse; // the loop's own thread
    private long polls; // the loop's own thread
    private long parks; // the loop's own thread
    private long timersFired; // who has custody

    void turnBegins() {
        TURNS.setOpaque(this, turns + 1);
    }

    void pollBegins(boolean waits) {
        if (waits) {
            PARKS.setOpaque(this, parks + 1);
        }
        POLLS.setOpaque(this, polls + 1);
        callBegins();
    }

    /** It calls the backend, which may take its time. */
    void callBegins() {
        PULSE.setOpaque(this, pulse + 1);
    }

    void callEnds() {
        PULSE.setOpaque(this, pulse + 1);
    }

    void timerFired() {
        TIMERS_FIRED.setOpaque(this, timersFired + 1);
    }

    // ---- any thread

    long pulse() {
        return (long) PULSE.getOpaque(this);
    }

    boolean isInBackend() {
        return (pulse() & 1) != 0;
    }

    LoopCounts read(long wakeUps) {
        return new LoopCounts(
                (long) TURNS.getOpaque(this),
                (long) POLLS.getOpaque(this),
                (long) PARKS.getOpaque(this),
                wakeUps,
                (long) TIMERS_FIRED.getOpaque(this));
    }
}
