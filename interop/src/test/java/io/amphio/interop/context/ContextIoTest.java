package io.amphio.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.TaskException;
import io.amphio.TaskLocal;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextIoTest {
    private static final ThreadLocal<String> TENANT = ThreadLocal.withInitial(() -> "nobody");
    private static final ScopedValue<String> USER = ScopedValue.newInstance();
    private static final TaskLocal<String> TRACE = new TaskLocal<>("trace");

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "evented"})
    void tasks_and_calls_see_what_their_starter_saw(String name) throws Exception {
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of(name))) {
            Io io = ContextIo.over(runtime.io())
                    .carrying(Carried.threadLocal(TENANT), Carried.taskLocal(TRACE))
                    .inheriting(USER);
            TENANT.set("tenant");
            List<String> expected = List.of("tenant", "trace", "user");
            List<String> seen = ScopedValue.where(USER, "user")
                    .call(() -> TRACE.callWith(
                            "trace",
                            () -> io.concurrent(() -> io.async(() -> io.call(io, this::all))
                                            .await(io))
                                    .get()
                                    .await(io)));
            assertEquals(expected, seen);
            // What a task changes is its own, also where it runs inline or on a thread that runs another after it.
            for (int i = 0; i < 50; i++) {
                io.async(() -> TENANT.set("changed")).await(io);
                assertEquals("tenant", TENANT.get());
            }
            assertNull(TRACE.get());
            Assertions.assertThrows(
                    TaskException.class,
                    () -> io.async(() -> {
                                throw new java.io.IOException("planned");
                            })
                            .await(io));
            TENANT.remove();
            assertEquals("nobody", runtime.io().concurrent(TENANT::get).get().await(io));
        }
    }

    private List<String> all() {
        return List.of(TENANT.get(), String.valueOf(TRACE.get()), USER.isBound() ? USER.get() : "none");
    }

    /** SLF4J without a provider keeps nothing, so a carrier of our own stands for it here; a real one stands behind the same two calls. */
    @ParameterizedTest
    @ValueSource(strings = {"blocking", "evented"})
    void the_diagnostic_context_is_carried_by_its_own_class_alone(String name) {
        AtomicReference<String> undone = new AtomicReference<>("");
        Carried noting = () -> () -> {
            undone.updateAndGet(text -> text + "in ");
            return () -> undone.updateAndGet(text -> text + "out ");
        };
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of(name))) {
            Io io = ContextIo.over(runtime.io()).carrying(noting, Mdc.carried());
            assertFalse(io.async(() -> undone.get().isEmpty()).await(io));
        }
        assertEquals("in out ", undone.get());
    }
}
