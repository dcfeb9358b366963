package io.amphio.evented.sim;

import io.amphio.Outcome;
import io.amphio.evented.backend.Operation;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a run, whether it is what was recorded, and what went wrong first. From then on nothing is recorded.
 *
 * <p><b>Threads:</b> the world's; {@link #fail} and {@link #failed} any.
 */
final class Verdict {
    private static final int STEPS_TO_SHOW = 8;

    /** What went wrong. */
    record Failed(
            SimulationFailure.Kind kind,
            String text,
            @Nullable Throwable cause,
            int step,
            long nanos) {}

    private final @Nullable Trace expected;
    private final LongSupplier clock;
    private final Trace trace = new Trace();
    private final AtomicReference<@Nullable Failed> failed = new AtomicReference<>(); // any thread, once

    Verdict(@Nullable Trace expected, LongSupplier clock) {
        this.expected = expected;
        this.clock = clock;
    }

    Trace trace() {
        return trace;
    }

    @Nullable
    Failed failed() {
        return failed.get();
    }

    boolean hasFailed() {
        return failed.get() != null;
    }

    /** Any thread: the run has failed, unless it had before. */
    void fail(SimulationFailure.Kind kind, String text, @Nullable Throwable cause) {
        failed.compareAndSet(null, new Failed(kind, text, cause, trace.steps(), clock.getAsLong()));
    }

    // ---------------------------------------------------------------- steps

    void ran(SimulatedTask<?> task) {
        if (!hasFailed()) {
            trace.ran(task.number(), clock.getAsLong());
            compare();
        }
    }

    void completed(Operation operation, int descriptor) {
        if (!hasFailed()) {
            trace.completed(operation, descriptor, clock.getAsLong());
            compare();
        }
    }

    private void compare() {
        if (expected != null && trace.differsFrom(expected)) {
            diverged(expected, trace.steps());
        }
    }

    private void diverged(Trace recorded, int step) {
        fail(
                SimulationFailure.Kind.DIVERGED,
                "the replay diverges at step " + step + ": recorded was \"" + recorded.describe(step) + "\", and now \""
                        + trace.describe(step) + "\"; something in the program does not come from its Io: time, chance,"
                        + " the order of a hash set, another thread",
                null);
    }

    // ---------------------------------------------------------------- ends

    /** The main task has ended. */
    void mainEnded(@Nullable Outcome<?> outcome, boolean planned) {
        if (outcome instanceof Outcome.Failure<?>(Throwable thrown)) {
            fail(SimulationFailure.Kind.PROGRAM, "the program threw " + thrown, thrown);
        } else if (outcome instanceof Outcome.Canceled<?>(Throwable canceled) && !planned) {
            fail(SimulationFailure.Kind.PROGRAM, "the program was canceled", canceled);
        }
    }

    /** Everything has ended. */
    void end(List<String> leftOpen) {
        if (!leftOpen.isEmpty()) {
            String lines = String.join("\n  ", leftOpen);
            fail(SimulationFailure.Kind.LEAK, "the program ended and left open:\n  " + lines, null);
        }
        if (expected != null && expected.steps() > trace.steps()) {
            diverged(expected, trace.steps() + 1);
        }
    }

    void deadlock(String dump) {
        fail(SimulationFailure.Kind.DEADLOCK, "deadlock: nothing is ready and nothing will ever happen\n" + dump, null);
    }

    void leftRunning(String dump) {
        fail(
                SimulationFailure.Kind.LEFT_RUNNING,
                "the program ended, and these tasks would not, though they were canceled twice\n" + dump,
                null);
    }

    void livelock(String dump) {
        fail(
                SimulationFailure.Kind.LIVELOCK,
                "no end after " + trace.steps() + " steps; the last were\n" + trace.tail(STEPS_TO_SHOW) + dump,
                null);
    }

    /** Any thread: a step takes longer than {@code limit}. */
    void stalled(Object limit, String who, Thread thread) {
        StringBuilder text = new StringBuilder("one step has taken more than " + limit + ": " + who
                + " blocks its thread by other means than its Io, or computes for ever\n");
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("    at ").append(frame).append('\n');
        }
        fail(SimulationFailure.Kind.STALLED, text.toString(), null);
    }

    /** Any thread but the world's, which has done something to it. */
    IllegalStateException outside(String what) {
        IllegalStateException outside = new IllegalStateException(
                what + " by " + Thread.currentThread() + ", which is no part of this simulation");
        fail(
                SimulationFailure.Kind.OUTSIDE,
                outside.getMessage() + "; a run could not be had again. Sleep, wait and take chances by means of the Io"
                        + " only",
                outside);
        return outside;
    }
}
