package io.amphio.interop.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The platform threads that live, but for those that the JVM, the JDK's common pools and test frameworks keep.
 *
 * @param alive the threads
 */
record PlatformThreads(Set<Thread> alive) {
    private static final List<String> KEPT = List.of(
            "ForkJoinPool", "CompletableFutureDelayScheduler", "junit-", "surefire", "process reaper", "VirtualThread");
    private static final int FRAMES = 6;

    static PlatformThreads now() {
        return new PlatformThreads(Set.copyOf(Thread.getAllStackTraces().keySet()));
    }

    List<String> since(PlatformThreads before) {
        List<String> left = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (!before.alive.contains(thread) && isOfUser(thread)) {
                left.add(describe(thread, entry.getValue()));
            }
        }
        return left;
    }

    private static boolean isOfUser(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null
                && group.getParent() != null // of the JVM itself, else
                && !group.getName().equals("InnocuousThreadGroup")
                && KEPT.stream().noneMatch(thread.getName()::startsWith);
    }

    private static String describe(Thread thread, StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder("thread \"" + thread.getName() + "\" lives, "
                + thread.getState().name().toLowerCase(java.util.Locale.ROOT));
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            text.append("\n    at ").append(stack[i]);
        }
        return text.toString();
    }
}
