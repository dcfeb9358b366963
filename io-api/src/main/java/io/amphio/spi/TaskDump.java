package io.amphio.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code dumpTasks()}: the tree of tasks by who started whom, what each waits for, and who holds that.
 *
 * <pre>
 * io "blocking": 3 tasks
 * - main: waits for await of writer
 *   - writer: waits for lock of mutex, held by reader
 *   - reader: waits for lock of mutex, held by writer
 * deadlock: writer waits for lock of mutex, held by reader; reader waits for lock of mutex, held by writer
 * </pre>
 *
 * <p>An implementation whose tasks run in different places adds where: {@code - reader, on amphio-loop-1: waits for …}.
 *
 * <p>Tasks go on while they are looked at, so lines may be of different moments; a deadlock is looked at twice.
 */
public final class TaskDump {
    private static final int MAX_FRAMES = 8;

    private final StringBuilder text = new StringBuilder();
    private final Map<@Nullable Task, List<BodyTask<?>>> children = new LinkedHashMap<>();

    private TaskDump() {}

    /**
     * Returns the dump of the tasks in {@code registry}.
     *
     * @param io the name of the {@code Io}
     */
    public static String of(String io, TaskRegistry registry) {
        List<BodyTask<?>> tasks = registry.tasks().stream()
                .filter(task -> !task.future().isDone()) // on their way out
                .toList();
        TaskDump dump = new TaskDump();
        dump.tree(io, tasks);
        dump.deadlocks(tasks);
        return dump.text.toString();
    }

    private void tree(String io, List<BodyTask<?>> tasks) {
        text.append("io \"").append(io).append("\": ").append(tasks.size());
        text.append(tasks.size() == 1 ? " task\n" : " tasks\n");
        Set<Task> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(tasks);
        for (BodyTask<?> task : tasks) {
            Task parent = task.parent();
            Task shownUnder = parent != null && known.contains(parent) ? parent : null;
            children.computeIfAbsent(shownUnder, _ -> new ArrayList<>()).add(task);
        }
        lines(null, 0);
    }

    private void lines(@Nullable Task parent, int depth) {
        List<BodyTask<?>> below = children.getOrDefault(parent, List.of());
        for (BodyTask<?> task : below.reversed()) { // a registry lists the newest first
            line(task, depth, parent == null);
            lines(task, depth + 1);
        }
    }

    private void line(BodyTask<?> task, int depth, boolean isRoot) {
        text.append("  ".repeat(depth)).append("- ").append(task.name());
        Task parent = task.parent();
        if (isRoot && parent != null) {
            text.append(" (started by ").append(parent.name()).append(')');
        }
        String where = task.whereabouts();
        if (where != null) {
            text.append(", on ").append(where);
        }
        if (task.isCancelRequested()) {
            text.append(", canceled");
        }
        Object awaited = task.waitsFor();
        if (awaited != null) {
            text.append(": waits for ").append(withHolder(awaited)).append('\n');
        } else {
            text.append(": runs\n");
            frames(task, depth);
        }
    }

    /** Where a task is that waits for nothing we know: computing, in native code, or in a wait of somebody else's. */
    private void frames(BodyTask<?> task, int depth) {
        Thread thread = task.thread();
        if (thread == null) {
            return;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, MAX_FRAMES); i++) {
            text.append("  ".repeat(depth + 2)).append("at ").append(stack[i]).append('\n');
        }
    }

    private static String withHolder(Object awaited) {
        Task holder = holderOf(awaited);
        // Who awaits a task need not read twice whom.
        return awaited
                + (holder == null || awaited.toString().endsWith(holder.name()) ? "" : ", held by " + holder.name());
    }

    private static @Nullable Task holderOf(Object awaited) {
        if (awaited instanceof BodyTask.InlineTask(Task inline)) {
            return inline;
        }
        if (!(awaited instanceof Arm arm)) {
            return null;
        }
        SourceLock lock = arm.lock();
        lock.acquire();
        try {
            return arm.waitsOn();
        } finally {
            lock.release();
        }
    }

    // ---------------------------------------------------------------- deadlocks

    /** One step of a cycle: {@code task} waits for what {@code holder} has to do first. */
    private record Step(Task task, Object awaited, Task holder) {
        boolean isStillSo() {
            return task.waitsFor() == awaited && holderOf(awaited) == holder;
        }

        @Override
        public String toString() {
            return task.name() + " waits for " + withHolder(awaited);
        }
    }

    private void deadlocks(List<BodyTask<?>> tasks) {
        Set<Task> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (BodyTask<?> task : tasks) {
            List<Step> cycle = cycleFrom(task, seen);
            if (!cycle.isEmpty() && cycle.stream().allMatch(Step::isStillSo)) {
                text.append("deadlock: ");
                for (int i = 0; i < cycle.size(); i++) {
                    text.append(i == 0 ? "" : "; ").append(cycle.get(i));
                }
                text.append('\n');
            }
        }
    }

    /** Follows who waits for whom from {@code start}, and returns the cycle that it runs into; empty if none, or one seen before. */
    private static List<Step> cycleFrom(Task start, Set<Task> seen) {
        List<Step> path = new ArrayList<>();
        IdentityHashMap<Task, Integer> placeOnPath = new IdentityHashMap<>();
        Task task = start;
        while (true) {
            Integer place = placeOnPath.get(task);
            if (place != null) {
                return path.subList(place, path.size());
            }
            Object awaited = task.waitsFor();
            Task holder = awaited == null ? null : holderOf(awaited);
            if (!seen.add(task) || holder == null) {
                return List.of();
            }
            placeOnPath.put(task, path.size());
            path.add(new Step(task, Objects.requireNonNull(awaited), holder));
            task = holder;
        }
    }
}
