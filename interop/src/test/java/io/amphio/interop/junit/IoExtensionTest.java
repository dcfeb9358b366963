package io.amphio.interop.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TaskOptions;
import io.amphio.net.Server;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What {@link IoTest} catches, and what not. */
class IoExtensionTest {
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static final List<AutoCloseable> LEFT = new CopyOnWriteArrayList<>();

    private static List<String> failuresOf(Class<?> tests) throws Exception {
        SEEN.clear();
        Events events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents();
        List<String> failures = new ArrayList<>();
        events.failed().stream()
                .map(event -> event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class))
                .forEach(result ->
                        failures.add(result.getThrowable().orElseThrow().getMessage()));
        for (AutoCloseable left : LEFT) {
            left.close();
        }
        LEFT.clear();
        assertEquals(events.finished().count(), events.started().count(), "a test began and did not end");
        return failures;
    }

    static class Clean {
        private IoRuntime ofBeforeEach;

        @BeforeEach
        void sees_the_same_runtime(IoRuntime runtime) {
            ofBeforeEach = runtime;
        }

        @IoTest
        void uses_tasks_sockets_and_threads_and_leaves_nothing(Io io, IoRuntime runtime) throws Exception {
            assertTrue(ofBeforeEach == runtime);
            assertTrue(Task.current().isCancelable());
            SEEN.add(runtime.name());
            try (Server server = io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    Future<?> accepting = io.concurrent(() -> server.accept(io)).get()) {
                io.net().connect(io, server.localAddress()).close();
                ((AutoCloseable) accepting.await(io)).close();
            }
            Thread thread = new Thread(() -> {});
            thread.start();
            thread.join();
        }

        @IoTest("evented")
        void runs_on_the_one_it_names(IoRuntime runtime) {
            SEEN.add("named " + runtime.name());
        }

        @IoTest(value = "blocking", options = "concurrent-limit=3")
        void takes_options(Io io) {
            List<Future<?>> running = new ArrayList<>();
            Event go = new Event();
            running.add(io.concurrent(() -> go.await(io)).get());
            running.add(io.concurrent(() -> go.await(io)).get());
            assertTrue(io.concurrent(() -> {}).isLeft()); // the test itself is one
            go.set();
            running.forEach(task -> task.await(io));
        }
    }

    @Test
    void a_clean_test_passes_on_every_io() throws Exception {
        assertEquals(List.of(), failuresOf(Clean.class));
        assertEquals(
                List.of("blocking", "evented", "named evented"),
                SEEN.stream().sorted().toList());
    }

    static class LeakedTask {
        @IoTest
        void leaves_a_task(Io io) {
            io.concurrent(TaskOptions.named("forgotten"), () -> new Event().await(io))
                    .get();
        }
    }

    @Test
    void a_leaked_task_is_named_with_the_place_where_it_was_started() throws Exception {
        List<String> failures = failuresOf(LeakedTask.class);
        assertEquals(2, failures.size());
        for (String failure : failures) {
            assertTrue(failure.contains("task \"forgotten\" runs"), failure);
            assertTrue(failure.contains("leaves_a_task(IoExtensionTest.java:"), failure);
            assertTrue(failure.contains("waits for await of event"), failure);
        }
    }

    static class LeakedSocket {
        @IoTest
        void leaves_a_server(Io io) throws IOException {
            io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        @IoTest
        void leaves_a_socket_of_the_jdk() throws IOException {
            LEFT.add(new ServerSocket(0));
        }
    }

    @Test
    void a_leaked_socket_is_named() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                java.nio.file.Files.isDirectory(java.nio.file.Path.of("/proc/self/fd")), "the system does not tell");
        List<String> failures = failuresOf(LeakedSocket.class);
        assertEquals(4, failures.size());
        assertTrue(failures.stream().allMatch(failure -> failure.contains("is open: socket:[")), failures::toString);
    }

    static class LeakedThread {
        @IoTest
        void leaves_a_thread() {
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(
                    () -> {
                        try {
                            end.await();
                        } catch (InterruptedException ignored) {
                            return;
                        }
                    },
                    "forgotten-thread");
            thread.setDaemon(true);
            thread.start();
            LEFT.add(() -> {
                end.countDown();
                thread.join();
            });
        }
    }

    @Test
    void a_leaked_thread_is_named_with_its_stack() throws Exception {
        List<String> failures = failuresOf(LeakedThread.class);
        assertEquals(2, failures.size());
        for (String failure : failures) {
            assertTrue(failure.contains("thread \"forgotten-thread\" lives, waiting"), failure);
            assertTrue(failure.contains("CountDownLatch.await"), failure);
        }
    }

    static class Late {
        @IoTest(deadlineMillis = 50)
        void waits_for_ever(Io io) {
            try {
                new Event().await(io);
            } catch (CanceledException canceled) {
                SEEN.add("canceled");
                throw canceled;
            }
        }
    }

    @Test
    void a_deadline_cancels_the_test_and_tells_what_it_waited_for() throws Exception {
        List<String> failures = failuresOf(Late.class);
        assertEquals(2, failures.size());
        assertEquals(List.of("canceled", "canceled"), SEEN);
        for (String failure : failures) {
            assertTrue(failure.startsWith("the deadline of 50 ms passed\n"), failure);
            assertTrue(failure.contains("- waits_for_ever") && failure.contains("waits for await of event"), failure);
        }
    }

    static class Failing {
        @IoTest
        void fails_and_leaks(Io io) {
            io.concurrent(() -> new Event().await(io)).get();
            throw new IllegalStateException("planned");
        }
    }

    @Test
    void a_failure_of_the_test_comes_first() throws Exception {
        assertEquals(List.of("planned", "planned"), failuresOf(Failing.class));
    }
}
