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
    private static final String RAN = "ran"; // else it says which operation ended, and how

    private final List<String> tasks = new ArrayList<>();
    private String[] what = new String[128];
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
        add(operation.kind() + " ended " + operation.outcome(), descriptor, nanos);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void add(String happened, int id, long nanos) {
        int step = steps;
        if (step == what.length) {
            what = Arrays.copyOf(what, 2 * step);
            which = Arrays.copyOf(which, 2 * step);
            when = Arrays.copyOf(when, 2 * step);
        }
        what[step] = happened;
        which[step] = id;
        when[step] = nanos;
        hash = Chance.mix(31 * hash + happened.hashCode()) + Chance.mix(((long) id << 40) ^ nanos);
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
                || !what[step].equals(recorded.what[step])
                || which[step] != recorded.which[step]
                || when[step] != recorded.when[step];
    }

    /** Returns what happened in a step, counted from 1. */
    String describe(int step) {
        if (step > steps) {
            return "the end";
        }
        String happened = what[step - 1];
        int id = which[step - 1];
        return (happened.equals(RAN) ? tasks.get(id) + " ran" : happened + " on descriptor " + id) + " at "
                + when[step - 1] + " ns";
    }

    /** Returns the last steps, oldest first, for people to read. */
    String tail(int count) {
        StringBuilder text = new StringBuilder();
        for (int step = Math.max(1, steps - count + 1); step <= steps; step++) {
            text.append("  step ")
                    .append(step)
                    .append(": ")
                    .append(describe(step))
                    .append('\n');
        }
        return text.toString();
    }
}
