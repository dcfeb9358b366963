package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.TaskLocal;
import io.amphio.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What values that each task has for itself promise. */
public abstract class TaskLocalConformance extends Conformance {
    private final TaskLocal<String> user = new TaskLocal<>("user");

    @Test
    void an_unbound_key_reads_null() {
        run(io -> assertNull(user.get()));
    }

    @Test
    void a_binding_holds_until_it_is_closed() {
        run(io -> {
            try (var _ = user.bind("ann")) {
                assertEquals("ann", user.get());
                assertNull(new TaskLocal<String>("another").get());
            }
            assertNull(user.get());
        });
    }

    @Test
    void the_bound_value_can_be_changed() {
        run(io -> {
            try (var binding = user.bind("ann")) {
                binding.set("bob");
                assertEquals("bob", user.get());
            }
        });
    }

    @Test
    void nested_bindings_shadow_and_restore() {
        run(io -> {
            try (var _ = user.bind("outer")) {
                try (var _ = user.bind("inner")) {
                    assertEquals("inner", user.get());
                }
                assertEquals("outer", user.get());
            }
        });
    }

    @Test
    void bindings_close_in_any_order_once() {
        run(io -> {
            var first = user.bind("first");
            var middle = user.bind("middle");
            var last = user.bind("last");
            middle.close();
            middle.close();
            assertEquals("last", user.get());
            last.close();
            assertEquals("first", user.get());
            first.close();
            assertNull(user.get());
        });
    }

    @Test
    void each_task_has_its_own_also_where_it_moves() {
        run(io -> {
            List<Started<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String mine = "user-" + i;
                tasks.add(Started.start(io, () -> {
                    assertNull(user.get());
                    try (var _ = user.bind(mine)) {
                        for (int turn = 0; turn < 50; turn++) {
                            io.yieldNow();
                            assertEquals(mine, user.get());
                        }
                    }
                }));
            }
            assertNull(user.get());
            tasks.forEach(task -> task.await(io));
        });
    }

    @Test
    void nothing_is_inherited_not_even_by_a_task_that_runs_inline() {
        run(io -> {
            try (var _ = user.bind("parent")) {
                assertNull(io.async(user::get).await(io));
                assertNull(io.concurrent(user::get).get().await(io));
                io.async(() -> {
                            user.bind("left bound by the child");
                        })
                        .await(io);
                assertEquals("parent", user.get());
            }
        });
    }

    @Test
    void call_with_binds_for_one_call_and_passes_its_exception() {
        run(io -> {
            assertEquals(
                    "called by ann", user.<String, RuntimeException>callWith("ann", () -> "called by " + user.get()));
            assertNull(user.get());
            assertThrows(
                    IOException.class,
                    () -> user.<String, IOException>callWith("ann", () -> {
                        throw new IOException("planted");
                    }));
            assertNull(user.get());
        });
    }

    @Test
    void a_plain_thread_has_its_own() {
        runInThread(io -> {
            try (var _ = user.bind("thread")) {
                assertNull(io.concurrent(user::get).get().await(io));
                assertEquals("thread", user.get());
            }
        });
    }

    @Test
    void a_binding_is_closed_by_its_task_only() {
        run(io -> {
            AtomicReference<TaskLocal.Binding<String>> theirs = new AtomicReference<>();
            Event bound = new Event();
            Event checked = new Event();
            Started<String> owner = Started.start(io, () -> {
                try (var binding = user.bind("owner")) {
                    theirs.set(binding);
                    bound.set();
                    checked.await(io);
                    return user.get();
                }
            });
            bound.await(io);
            assertThrows(IllegalStateException.class, () -> theirs.get().close());
            checked.set();
            assertEquals("owner", owner.await(io));
        });
    }
}
