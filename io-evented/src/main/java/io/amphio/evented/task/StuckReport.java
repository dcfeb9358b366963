package io.amphio.evented.task;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of a worker that is stuck: since when, in which task, most likely why, what happens now, and the stack of
 * the culprit.
 *
 * <pre>
 * amphio-loop-0 has not turned for 200 ms: task "report" waits inside the class initializer of app.Config, which pins it to its
 * thread. amphio-spare-0 stands in: other tasks and I/O go on. …
 *     at …
 * </pre>
 */
final class StuckReport {
    private StuckReport() {}

    static String of(Worker worker, long nanos, @Nullable String spare) {
        EventedTask<?> task = worker.supervision().isInWork() ? worker.running() : null;
        Thread thread = task != null ? task.coroutineThread() : worker.thread();
        StackTraceElement[] stack = thread.getStackTrace();
        StringBuilder text = new StringBuilder();
        text.append(worker)
                .append(" has not turned for ")
                .append(TimeUnit.NANOSECONDS.toMillis(nanos))
                .append(" ms: ");
        text.append(task != null ? "task \"" + task.name() + "\" " : "a callback ");
        text.append(reason(thread.getState(), stack)).append(". ");
        text.append(
                spare == null
                        ? "No spare is left: the other tasks of this loop wait for it."
                        : spare + " stands in: the other tasks go on.");
        text.append(" Let code that blocks or computes for long go through io.call, or yield now and then.");
        for (StackTraceElement frame : stack) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }

    /** Why the thread does not give way, as its state and its stack suggest. */
    static String reason(Thread.State state, StackTraceElement[] stack) {
        boolean waits = state != Thread.State.RUNNABLE;
        if (!waits) {
            return stack.length > 0 && stack[0].isNativeMethod()
                    ? "is in native code, " + name(stack[0]) + ", which blocks or computes"
                    : "computes and does not give way";
        }
        for (StackTraceElement frame : stack) {
            if (frame.getMethodName().equals("<clinit>")) {
                return "waits inside the class initializer of " + frame.getClassName()
                        + ", which pins it to its thread";
            }
            if (frame.isNativeMethod() && !isHowItWaits(frame)) {
                return "waits under the native method " + name(frame) + ", which pins it to its thread";
            }
        }
        return "waits and is pinned to its thread, by native code or the loading of a class below it";
    }

    private static boolean isHowItWaits(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.equals("jdk.internal.misc.Unsafe")
                || type.equals("java.lang.Object")
                || type.equals("java.lang.Thread")
                || type.startsWith("jdk.internal.vm.");
    }

    private static String name(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName();
    }
}
