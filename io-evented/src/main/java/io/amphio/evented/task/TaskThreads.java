package io.amphio.evented.task;

import io.amphio.evented.coro.CoroutineScheduler;
import io.amphio.spi.Task;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** How the task is found whose coroutine a virtual thread is: it is the coroutine's scheduler. */
final class TaskThreads {
    static {
        try {
            MethodHandle ownerOf = MethodHandles.lookup()
                    .findStatic(TaskThreads.class, "ownerOf", MethodType.methodType(Task.class, Thread.class));
            Task.setOwnerOfThread(ownerOf);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private TaskThreads() {}

    /** Does so from now on, for all of the process. */
    static void areFound() {}

    @SuppressWarnings("UnusedMethod") // by its name
    private static @Nullable Task ownerOf(Thread thread) {
        return CoroutineScheduler.of(thread) instanceof Task task ? task : null;
    }
}
