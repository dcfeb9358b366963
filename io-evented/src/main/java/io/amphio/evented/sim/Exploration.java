package io.amphio.evented.sim;

import io.amphio.evented.coro.SchedulerBridge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search for a seed and a plan with which a program fails, and for the smallest such plan.
 *
 * <p>A plan is drawn over the places that the run without faults has had, so that most of its faults are met. It is made
 * smaller by leaving out one fault after the other, and then by making each one milder, as long as the program fails in the
 * same way: with the same kind of failure and the same class of exception.
 */
final class Exploration {
    private static final int MOST_FAULTS = 4;
    private static final int MOST_BYTES = 16;
    private static final int MOST_STEPS_LATER = 8;
    private static final long MOST_DELAY_MILLIS = 2_000;
    private static final long MOST_PAUSE_SECONDS = 7_200;
    private static final long PLAN_SALT = 0x5DEECE66DL; // the plan's chances are not those of the run

    private final SimulationOptions options;
    private final SchedulerBridge bridge;
    private final SimulatedIo.Program program;

    Exploration(SimulationOptions options, SchedulerBridge bridge, SimulatedIo.Program program) {
        this.options = options;
        this.bridge = bridge;
        this.program = program;
    }

    void explore(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            SimulationRun quiet = run(seed, FaultPlan.NONE);
            FaultPlan plan = draw(new Chance(seed ^ PLAN_SALT), quiet);
            if (!plan.faults().isEmpty()) {
                runWith(seed, plan);
            }
        }
    }

    private SimulationRun run(long seed, FaultPlan plan) {
        return SimulatedIo.run(options, bridge, seed, plan, null, program);
    }

    private void runWith(long seed, FaultPlan plan) {
        try {
            run(seed, plan);
        } catch (SimulationFailure first) {
            throw shrink(seed, plan, first);
        }
    }

    // ---------------------------------------------------------------- drawing

    private FaultPlan draw(Chance chance, SimulationRun quiet) {
        List<FaultKind> kinds = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) { // in this order: that of the set is another one in each JVM
            if (options.faults().contains(kind) && quiet.places(kind) > 0) {
                kinds.add(kind);
            }
        }
        FaultPlan plan = FaultPlan.NONE;
        if (!kinds.isEmpty()) {
            for (int left = 1 + chance.below(MOST_FAULTS); left > 0; left--) {
                FaultKind kind = kinds.get(chance.below(kinds.size()));
                plan = plan.with(draw(chance, kind, 1 + chance.below(quiet.places(kind))));
            }
        }
        return plan;
    }

    private static Fault draw(Chance chance, FaultKind kind, int place) {
        return switch (kind) {
            case SHORT_RECEIVE -> Fault.shortReceive(place, 1 + chance.below(MOST_BYTES));
            case PARTIAL_SEND -> Fault.partialSend(place, 1 + chance.below(MOST_BYTES));
            case DELAY -> Fault.delay(place, Duration.ofMillis(chance.between(1, MOST_DELAY_MILLIS)));
            case LOSS -> Fault.loss(place);
            case RESET -> Fault.reset(place);
            case NO_DESCRIPTOR -> Fault.noDescriptor(place);
            case NO_SPACE -> Fault.noSpace(place);
            case CANCEL -> Fault.cancel("main", place, chance.below(MOST_STEPS_LATER + 1));
            case PAUSE -> Fault.pause("main", place, Duration.ofSeconds(chance.between(1, MOST_PAUSE_SECONDS)));
        };
    }

    // ---------------------------------------------------------------- shrinking

    /** Returns the failure of the smallest plan that was found. */
    SimulationFailure shrink(long seed, FaultPlan plan, SimulationFailure first) {
        FaultPlan smallest = plan;
        SimulationFailure failure = first;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (FaultPlan candidate : smallerThan(smallest)) {
                SimulationFailure again = failureOf(seed, candidate);
                if (again != null && isLike(again, first)) {
                    smallest = candidate;
                    failure = again;
                    smaller = true;
                    break;
                }
            }
        }
        return failure;
    }

    private @Nullable SimulationFailure failureOf(long seed, FaultPlan plan) {
        try {
            run(seed, plan);
            return null;
        } catch (SimulationFailure failure) {
            return failure;
        }
    }

    private static boolean isLike(SimulationFailure one, SimulationFailure other) {
        Throwable its = one.getCause();
        Throwable others = other.getCause();
        return one.kind() == other.kind()
                && (its == null ? others == null : others != null && its.getClass() == others.getClass());
    }

    private static List<FaultPlan> smallerThan(FaultPlan plan) {
        List<FaultPlan> smaller = new ArrayList<>();
        for (int i = plan.faults().size() - 1; i >= 0; i--) {
            smaller.add(plan.without(i));
        }
        for (int i = 0; i < plan.faults().size(); i++) {
            Fault milder = milder(plan.faults().get(i));
            if (milder != null) {
                smaller.add(plan.replacing(i, milder));
            }
        }
        return smaller;
    }

    /** Returns a fault that disturbs half as much; null if there is none. */
    private static @Nullable Fault milder(Fault fault) {
        return switch (fault) {
            case Fault.Delay(int message, Duration by)
            when by.toMillis() > 1 -> Fault.delay(message, Duration.ofMillis(by.toMillis() / 2));
            case Fault.Pause(String task, int point, Duration length)
            when length.toSeconds() > 1 -> Fault.pause(task, point, Duration.ofSeconds(length.toSeconds() / 2));
            case Fault.Cancel(String task, int point, int later) when later > 0 -> Fault.cancel(task, point, later - 1);
            default -> null;
        };
    }
}
