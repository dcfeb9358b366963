package io.amphio.evented.sim;

import org.jspecify.annotations.Nullable;

/**
 * A run that failed: why, and how to have it again.
 *
 * <p>The message says what happened, at which step and time of the world, and ends in Java code that repeats the run. What the
 * program threw is the cause.
 */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    /** Why a run fails. */
    public enum Kind {
        /** The program threw something. */
        PROGRAM,
        /** Nothing is ready and nothing will ever happen, but tasks wait. */
        DEADLOCK,
        /** It went on for more steps than the limit. */
        LIVELOCK,
        /** A thread outside of the world woke a task, or asked for something inside. */
        OUTSIDE,
        /** The program ended, and some task would not, though it was canceled twice. */
        LEFT_RUNNING,
        /** The program ended, and left something open. */
        LEAK,
        /** One step took too long: a task blocks its thread, or computes for ever. */
        STALLED,
        /** A replay took another way than the run. */
        DIVERGED,
        /** The simulation itself failed. */
        INTERNAL
    }

    private final Kind kind;
    private final long seed;
    private final transient FaultPlan plan;

    SimulationFailure(Kind kind, long seed, FaultPlan plan, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.seed = seed;
        this.plan = plan;
    }

    /** Returns why it failed. */
    public Kind kind() {
        return kind;
    }

    /** Returns the seed of the run. */
    public long seed() {
        return seed;
    }

    /** Returns the faults of the run; of {@link SimulatedIo#explore}, those without which it does not fail. */
    public FaultPlan plan() {
        return plan;
    }
}
