package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.ListenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Event;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeakTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int CONNECTIONS = 100;

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** The JDK opens some on its own the first time. */
    @BeforeAll
    static void warmUp() throws Exception {
        try (IoRuntime runtime = BlockingIo.open()) {
            for (Tests.On on : Tests.On.values()) {
                on.run(() -> {
                    useSockets(runtime.io(), 1);
                    return null;
                });
            }
        }
    }

    private static List<Stream[]> connect(Io io, Server server, int count) throws IOException {
        List<Stream[]> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Stream client = io.net().connect(io, server.localAddress());
            pairs.add(new Stream[] {client, server.accept(io)});
        }
        return pairs;
    }

    private static void useSockets(Io io, int count) throws IOException {
        try (Server server = io.net().listen(ANY_PORT)) {
            for (Stream[] pair : connect(io, server, count)) {
                waitOn(io, pair[1]);
                pair[0].close();
                pair[1].close();
            }
        }
    }

    private static void waitOn(Io io, Stream stream) {
        stream.setReadTimeout(Timeout.afterMillis(1));
        assertThrows(TimedOutException.class, () -> stream.read(io, ByteBuffer.allocate(1)));
    }

    @Test
    void closed_channels_do_not_stay_open_in_the_selectors_of_idle_threads() throws Exception {
        try (IoRuntime runtime = BlockingIo.open();
                Server server = runtime.io().net().listen(ANY_PORT)) {
            Io io = runtime.io();
            // Two threads that have waited for each of the connections, and are idle now.
            CyclicBarrier both = new CyclicBarrier(2);
            Event done = new Event();
            List<Future<Void>> idle = new ArrayList<>();
            List<Stream[]> first = connect(io, server, 1);
            for (int i = 0; i < 2; i++) {
                int side = i;
                idle.add(io.concurrent(() -> {
                            waitOn(io, first.get(0)[side]); // opens its selector
                            both.await();
                            done.await(io);
                        })
                        .get());
            }
            Tests.until("both are idle", () -> io.dumpTasks().split("waits for await of event").length == 3);
            done.set();
            idle.forEach(future -> future.await(io));

            long before = descriptors();
            List<Stream[]> pairs = connect(io, server, CONNECTIONS);
            for (int i = 0; i < 2; i++) {
                int side = i;
                idle.set(
                        i,
                        io.concurrent(() -> {
                                    both.await();
                                    for (Stream[] pair : pairs) {
                                        waitOn(io, pair[side]);
                                    }
                                    both.await();
                                    for (Stream[] pair : pairs) {
                                        waitOn(io, pair[1 - side]);
                                    }
                                })
                                .get());
            }
            idle.forEach(future -> future.await(io));
            assertTrue(descriptors() >= before + 2 * CONNECTIONS);
            for (Stream[] pair : pairs) {
                pair[0].close();
                pair[1].close();
            }
            assertEquals(before, descriptors());
        }
    }

    @Test
    void closed_channels_do_not_stay_open_in_the_poller() throws Exception {
        try (IoRuntime runtime = BlockingIo.open();
                Server server = runtime.io().net().listen(ANY_PORT)) {
            Io io = runtime.io();
            Tests.On.VIRTUAL_THREAD.run(() -> {
                waitOn(io, connect(io, server, 1).get(0)[0]);
                long before = descriptors();
                List<Stream[]> pairs = connect(io, server, CONNECTIONS);
                for (Stream[] pair : pairs) {
                    waitOn(io, pair[0]);
                    waitOn(io, pair[1]);
                }
                for (Stream[] pair : pairs) {
                    pair[0].close();
                    pair[1].close();
                }
                assertEquals(before, descriptors());
                return null;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void attempts_to_connect_that_failed_leave_no_socket(Tests.On on) throws Exception {
        try (IoRuntime runtime = BlockingIo.open();
                Server server = runtime.io().net().listen(ANY_PORT, ListenOptions.DEFAULT.withBacklog(1))) {
            Io io = runtime.io();
            on.run(() -> {
                List<Stream> queued = new ArrayList<>();
                assertThrows(TimedOutException.class, () -> {
                    while (true) {
                        queued.add(io.net().connect(io, server.localAddress(), Timeout.afterMillis(50)));
                    }
                });
                long before = descriptors();
                for (int i = 0; i < 5; i++) {
                    assertThrows(
                            TimedOutException.class,
                            () -> io.net().connect(io, server.localAddress(), Timeout.afterMillis(5)));
                    assertThrows(
                            TimedOutException.class,
                            () -> io.withTimeout(
                                    Duration.ofMillis(5), () -> io.net().connect(io, server.localAddress())));
                }
                assertEquals(before, descriptors());
                queued.forEach(Stream::close);
                return null;
            });
        }
    }

    @Test
    void a_foreign_thread_that_has_ended_leaves_no_selector_for_long() throws Exception {
        var options = BlockingOptions.DEFAULT.withIdleExpiry(Duration.ofMillis(1));
        try (IoRuntime runtime = BlockingIo.open(options);
                Server server = runtime.io().net().listen(ANY_PORT)) {
            Io io = runtime.io();
            assertThrows(TimedOutException.class, () -> server.accept(io, Timeout.afterMillis(1))); // our own selector
            long before = descriptors();
            Event enough = new Event();
            List<Tests.Running<Object>> foreign = new ArrayList<>();
            CyclicBarrier haveWaited = new CyclicBarrier(11);
            for (int i = 0; i < 10; i++) {
                Stream client = io.net().connect(io, server.localAddress());
                Stream accepted = server.accept(io);
                foreign.add(Tests.On.PLATFORM_THREAD.start(() -> {
                    waitOn(io, client);
                    client.close();
                    accepted.close();
                    haveWaited.await();
                    enough.await(io);
                    return "ended";
                }));
            }
            haveWaited.await();
            assertTrue(descriptors() >= before + 20, "each has a selector while it lives");
            enough.set();
            for (var each : foreign) {
                each.get();
            }
            Tests.until("all are closed", () -> descriptors() == before);
        }
    }

    @Test
    void a_thread_that_expires_takes_its_selector_along() throws Exception {
        var options = BlockingOptions.DEFAULT.withIdleExpiry(Duration.ofMillis(1));
        try (IoRuntime runtime = BlockingIo.open(options);
                Server server = runtime.io().net().listen(ANY_PORT)) {
            Io io = runtime.io();
            long before = descriptors();
            for (int i = 0; i < 10; i++) {
                Thread used = io.concurrent(() -> {
                            assertThrows(TimedOutException.class, () -> server.accept(io, Timeout.afterMillis(1)));
                            return Thread.currentThread();
                        })
                        .get()
                        .await(io);
                used.join();
            }
            assertEquals(before, descriptors());
        }
    }

    @Test
    void selectors_of_foreign_threads_that_ended_are_used_again() throws Exception {
        try (IoRuntime runtime = BlockingIo.open();
                Server server = runtime.io().net().listen(ANY_PORT)) {
            Io io = runtime.io();
            long after = 0;
            for (int i = 0; i < 20; i++) {
                var running = Tests.On.PLATFORM_THREAD.start(() -> {
                    assertThrows(TimedOutException.class, () -> server.accept(io, Timeout.afterMillis(1)));
                    return null;
                });
                running.get();
                running.thread().join();
                after = i == 0 ? descriptors() : after;
            }
            assertEquals(after, descriptors());
        }
    }

    @Test
    void closing_the_runtime_under_load_leaves_no_descriptor_and_no_thread() throws Exception {
        long descriptorsBefore = descriptors();
        List<Thread> threadsBefore = threads();
        for (int round = 0; round < 5; round++) {
            IoRuntime runtime = BlockingIo.open();
            Io io = runtime.io();
            Server server = io.net().listen(ANY_PORT);
            io.concurrent(() -> {
                        while (true) {
                            Stream accepted = server.accept(io);
                            io.concurrent(() -> echo(io, accepted)).get();
                        }
                    })
                    .get();
            List<Tests.Running<Object>> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Tests.On on = i % 2 == 0 ? Tests.On.PLATFORM_THREAD : Tests.On.VIRTUAL_THREAD;
                clients.add(on.start(() -> {
                    Stream client = io.net().connect(io, server.localAddress());
                    while (true) {
                        client.writeAll(io, ByteBuffer.allocate(1000));
                        client.read(io, ByteBuffer.allocate(1000));
                    }
                }));
            }
            Tests.until("all are served", () -> io.dumpTasks().startsWith("io \"blocking\": 11 tasks"));
            runtime.close(Duration.ofSeconds(10));
            for (Tests.Running<Object> client : clients) {
                assertThrows(IOException.class, client::get);
                client.thread().join();
            }
        }
        assertEquals(descriptorsBefore, descriptors());
        List<Thread> left = threads();
        left.removeAll(threadsBefore);
        assertEquals(
                List.of(),
                left.stream().filter(t -> t.getName().startsWith("amphio")).toList());
    }

    private static void echo(Io io, Stream stream) throws IOException {
        try (stream) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            while (stream.read(io, buffer.clear()) >= 0) {
                stream.writeAll(io, buffer.flip());
            }
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream().collect(Collectors.toCollection(ArrayList::new));
    }
}
