package io.amphio.evented.sim;

import io.amphio.evented.backend.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a run, step by step: which task ran or which operation completed, and when by the world's clock.
 *
 * <p>Tasks are numbered in the order in which they were started, as their default names count over the whole process.
 *
 * <p><b>Threads:</b> the world's until the run has ended; {@link #steps} any.
 */
final class Trace {
    private static final int RAN = 0; // else the ordinal of an operation's kind, plus 1, and its outcome
    private static final int OUTCOMES = Operation.Outcome.values().length;

    private final List<String> tasks = new ArrayList<>();
    private int[] what = new int[128];
    private int[] which = new int[128];
    private long[] when = new long[128];
    private volatile int steps; // written by the world's thread
    private long hash = 1;

    /** Returns the number of a new task. */
    int newTask(@Nullable String name) {
        tasks.add(name == null ? "task " + tasks.size() : "task " + tasks.size() + " \"" + name + "\"");
        return tasks.size() - 1;
    }

    String task(int number) {
        return tasks.get(number);
    }

    void ran(int task, long nanos) {
        add(RAN, task, nanos);
    }

    void completed(Operation operation, int descriptor, long nanos) {
        int kind = operation.kind().ordinal() + 1;
        add(kind * OUTCOMES + operation.outcome().ordinal(), descriptor, nanos);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void add(int kind, int id, long nanos) {
        int step = steps;
        if (step == what.length) {
            what = Arrays.copyOf(what, 2 * step);
            which = Arrays.copyOf(which, 2 * step);
            when = Arrays.copyOf(when, 2 * step);
        }
        what[step] = kind;
        which[step] = id;
        when[step] = nanos;
        hash = Chance.mix(31 * hash + kind) + Chance.mix(((long) id << 40) ^ nanos);
        steps = step + 1;
    }

    int steps() {
        return steps;
    }

    long hash() {
        return hash;
    }

    /** Returns whether the newest step is another one than that of {@code recorded}. */
    boolean differsFrom(Trace recorded) {
        int step = steps - 1;
        return step >= recorded.steps
                || what[step] != recorded.what[step]
                || which[step] != recorded.which[step]
                || when[step] != recorded.when[step];
    }

    /** Returns what happened in a step, counted from 1. */
    String describe(int step) {
        if (step > steps) {
            return "the end";
        }
        int kind = what[step - 1];
        String text = kind == RAN ? tasks.get(which[step - 1]) + " ran" : operation(kind, which[step - 1]);
        return text + " at " + when[step - 1] + " ns";
    }

    private static String operation(int kind, int descriptor) {
        Operation.Kind of = Operation.Kind.values()[kind / OUTCOMES - 1];
        Operation.Outcome how = Operation.Outcome.values()[kind % OUTCOMES];
        return of + " on descriptor " + descriptor + " ended " + how;
    }

    /** Returns the last steps, oldest first, for people to read. */
    String tail(int count) {
        StringBuilder text = new StringBuilder();
        for (int step = Math.max(1, steps - count + 1); step <= steps; step++) {
            text.append("  step ").append(step).append(": ").append(describe(step)).append('\n');
        }
        return text.toString();
    }
}
