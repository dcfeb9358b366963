package io.amphio.evented.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Why a thread does not give way, as its state and its stack tell. */
class StuckReportTest {
    private static final StackTraceElement PARK = frame("jdk.internal.misc.Unsafe", "park", true);
    private static final StackTraceElement WAIT = frame("app.Config", "load", false);

    private static StackTraceElement frame(String type, String method, boolean isNative) {
        return new StackTraceElement(type, method, null, isNative ? -2 : 1);
    }

    private static String reason(Thread.State state, StackTraceElement... stack) {
        return StuckReport.reason(state, stack);
    }

    @Test
    void it_waits_in_a_class_initializer() {
        assertEquals(
                "waits inside the class initializer of app.Config, which pins it to its thread",
                reason(Thread.State.WAITING, PARK, WAIT, frame("app.Config", "<clinit>", false)));
    }

    @Test
    void it_waits_under_native_code() {
        assertEquals(
                "waits under the native method app.Sort.qsort, which pins it to its thread",
                reason(Thread.State.TIMED_WAITING, PARK, WAIT, frame("app.Sort", "qsort", true)));
    }

    @Test
    void it_waits_and_its_stack_does_not_tell_why_it_is_pinned() {
        assertEquals(
                "waits and is pinned to its thread, by native code or the loading of a class below it",
                reason(Thread.State.WAITING, PARK, WAIT));
    }

    @Test
    void it_is_in_native_code() {
        assertEquals(
                "is in native code, app.File.read0, which blocks or computes",
                reason(Thread.State.RUNNABLE, frame("app.File", "read0", true), WAIT));
    }

    @Test
    void it_computes() {
        assertEquals("computes and does not give way", reason(Thread.State.RUNNABLE, WAIT));
        assertEquals("computes and does not give way", reason(Thread.State.RUNNABLE));
    }
}
