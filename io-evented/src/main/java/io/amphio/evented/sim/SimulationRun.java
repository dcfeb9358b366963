package io.amphio.evented.sim;

import java.time.Duration;

/**
 * A run that came to its end, to be looked at and to be had again.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class SimulationRun {
    private final SimulationOptions options;
    private final long seed;
    private final FaultPlan plan;
    private final Trace trace;
    private final Duration elapsed;
    private final Faults faults;

    SimulationRun(SimulationOptions options, long seed, FaultPlan plan, Trace trace, Duration elapsed, Faults faults) {
        this.options = options;
        this.seed = seed;
        this.plan = plan;
        this.trace = trace;
        this.elapsed = elapsed;
        this.faults = faults;
    }

    /** Returns the seed. */
    public long seed() {
        return seed;
    }

    /** Returns the faults that were planned. */
    public FaultPlan plan() {
        return plan;
    }

    /** Returns how many steps it took: tasks that ran, and operations that completed. */
    public int steps() {
        return trace.steps();
    }

    /**
     * Returns a number that stands for the order of everything that happened and the time of the world at which it did; equal
     * for runs that are equal, and practically only for those.
     */
    public long hash() {
        return trace.hash();
    }

    /** Returns how much time passed in the world. */
    public Duration elapsed() {
        return elapsed;
    }

    /** Returns how many places for faults of that kind there were, for plans that go through all of them. */
    public int places(FaultKind kind) {
        return faults.count(kind);
    }

    SimulationOptions options() {
        return options;
    }

    Trace trace() {
        return trace;
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + plan + ": " + steps() + " steps, " + elapsed + ", hash "
                + Long.toHexString(hash());
    }
}
