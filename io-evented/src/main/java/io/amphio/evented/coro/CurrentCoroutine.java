package io.amphio.evented.coro;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import org.jspecify.annotations.Nullable;

/**
 * Which coroutine runs the caller.
 *
 * <p>Of one that we carry, the virtual thread itself knows: the JDK keeps the scheduler that a thread was made with, and that is
 * the coroutine. So it has no thread locals unless its body sets some, which saves their memory in each of a million tasks, and
 * asking costs two loads. All others are found by a thread local.
 *
 * <p>The field is read by a method handle behind a call site, which the compiler takes for a constant: {@link SchedulerBridge} sets it
 * once java.lang is open to us, which may be after the first question. Until then every answer is the thread local's; a coroutine that
 * began by it goes on by either.
 *
 * <p><b>Threads:</b> any.
 */
final class CurrentCoroutine {
    private static final MethodType QUESTION = MethodType.methodType(Object.class, Thread.class);
    private static final MutableCallSite SCHEDULER = new MutableCallSite(nothing());
    private static final MethodHandle SCHEDULER_OF = SCHEDULER.dynamicInvoker();
    private static final ThreadLocal<Coroutine> OTHERS = new ThreadLocal<>();

    private CurrentCoroutine() {}

    private static MethodHandle nothing() {
        return MethodHandles.dropArguments(MethodHandles.constant(Object.class, null), 0, Thread.class);
    }

    /**
     * Lets own coroutines be found by the JDK's field.
     *
     * @param lookup one that sees it
     * @throws ReflectiveOperationException if this JDK has no such field
     */
    static void learn(MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
        var field = virtualThread.getDeclaredField("scheduler");
        field.setAccessible(true);
        MethodHandle isOne = lookup.findVirtual(
                        Class.class, "isInstance", MethodType.methodType(boolean.class, Object.class))
                .bindTo(virtualThread)
                .asType(MethodType.methodType(boolean.class, Thread.class));
        SCHEDULER.setTarget(
                MethodHandles.guardWithTest(isOne, lookup.unreflectGetter(field).asType(QUESTION), nothing()));
        MutableCallSite.syncAll(new MutableCallSite[] {SCHEDULER});
    }

    static @Nullable Coroutine get() {
        Coroutine own = ownOf(Thread.currentThread());
        return own != null ? own : OTHERS.get();
    }

    /** Returns the coroutine whose thread {@code thread} is, if we carry it; a thread that it started has its scheduler, too. */
    static @Nullable OwnCoroutine ownOf(Thread thread) {
        if (!thread.isVirtual()) {
            return null;
        }
        try {
            return (Object) SCHEDULER_OF.invokeExact(thread) instanceof OwnCoroutine own && own.thread() == thread
                    ? own
                    : null;
        } catch (Throwable impossible) { // a field is read
            throw new AssertionError("scheduler of " + thread, impossible);
        }
    }

    /** Called first by the thread of {@code coroutine}. */
    static void enter(Coroutine coroutine) {
        if (ownOf(Thread.currentThread()) != coroutine) {
            OTHERS.set(coroutine);
        }
    }
}
