package io.amphio.evented.sim;

import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.sim.SimWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided by the seed and the plan of faults.
 *
 * <p>Half of the seeds choose evenly among what could happen next. The other half give each task a rank and mostly let the
 * highest of those that are ready run: so that some task can be held up for as long as it takes to matter, which an even choice
 * makes all but impossible. A task that gives way where it need not have waited gets another rank. How often that happens is
 * another choice of the seed.
 *
 * <p><b>Threads:</b> the world's.
 */
final class Rules implements SimWorld {
    private static final long STEP_NANOS = 1_000; // a program that never waits must not stop the clock
    private static final long POINT_NANOS = 100;
    private static final int MOST_SELDOM = 4; // gives way at one point in 2, 4, 8 or 16
    private static final int AGAINST_RANK_ONE_IN = 8;
    private static final int MOST_COMPARED = 100; // of thousands, the highest would take longer to find than to run

    private final World world;
    private final Faults faults;
    private final Chance chance;
    private final boolean byRank;
    private final int givesWayOneIn;
    private final List<Integer> ranks = new ArrayList<>();
    private final long leastNanos;
    private final long mostNanos;

    Rules(World world, long seed, FaultPlan plan, SimulationOptions options) {
        this.world = world;
        this.faults = new Faults(plan);
        this.chance = new Chance(seed);
        this.byRank = chance.oneIn(2);
        this.givesWayOneIn = 2 << chance.below(MOST_SELDOM);
        this.leastNanos = options.leastLatency().toNanos();
        this.mostNanos = options.mostLatency().toNanos();
    }

    Faults faults() {
        return faults;
    }

    // ---------------------------------------------------------------- tasks

    /** Returns which of those that are ready runs next. */
    int chooseTask(List<SimulatedTask<?>> ready) {
        int count = ready.size();
        if (count == 1 || count > MOST_COMPARED || !byRank || chance.oneIn(AGAINST_RANK_ONE_IN)) {
            return choose(count);
        }
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (rank(ready.get(i)) > rank(ready.get(best))) {
                best = i;
            }
        }
        return best;
    }

    private int rank(SimulatedTask<?> task) {
        return ranks.get(numberedUpTo(task));
    }

    private int numberedUpTo(SimulatedTask<?> task) {
        while (ranks.size() <= task.number()) {
            ranks.add(chance.below(Integer.MAX_VALUE));
        }
        return task.number();
    }

    /** A task runs. */
    void step(SimulatedTask<?> task) {
        world.verdict().ran(task);
        world.kernel().pass(STEP_NANOS);
        if (faults.hasCancels()) {
            faults.makeCancels(world.trace().steps());
        }
    }

    /** A task is at a cancellation point; returns whether it gives way there. */
    boolean point(SimulatedTask<?> task, int point) {
        long pause = faults.pointNanos(task, point, world.trace().steps());
        world.kernel().pass(POINT_NANOS + pause);
        boolean givesWay = pause > 0 || chance.oneIn(givesWayOneIn);
        if (givesWay && byRank) {
            ranks.set(
                    numberedUpTo(task),
                    chance.below(Integer.MAX_VALUE)); // or it would be chosen again most of the time
        }
        return givesWay;
    }

    // ---------------------------------------------------------------- the kernel

    @Override
    public void requireInside(String what, @Nullable Object of) {
        world.requireInside(what, of);
    }

    @Override
    public int choose(int count) {
        return count == 1 ? 0 : chance.below(count);
    }

    @Override
    public long messageNanos() {
        long nanos = chance.between(leastNanos, mostNanos);
        return switch (faults.message()) {
            case Fault.Delay delay -> nanos + delay.by().toNanos();
            case Fault.Loss _ -> LOST;
            case Fault.Reset _ -> BREAKS;
            case null, default -> nanos;
        };
    }

    @Override
    public int mostToReceive() {
        return faults.mostToReceive();
    }

    @Override
    public int mostToSend() {
        return faults.mostToSend();
    }

    @Override
    public boolean hasDescriptor() {
        return faults.hasDescriptor();
    }

    @Override
    public boolean hasSpace() {
        return faults.hasSpace();
    }

    @Override
    public long firstWallNanos() {
        return TimeUnit.SECONDS.toNanos(SimulatedInstance.BEGINNING.getEpochSecond());
    }

    @Override
    public String currentName() {
        SimulatedTask<?> task = world.schedule().running();
        return task == null ? "the loop" : world.trace().task(task.number());
    }

    @Override
    public void completed(Operation operation, int descriptor) {
        world.verdict().completed(operation, descriptor);
    }

    @Override
    public void idle() {
        world.idle();
    }
}
