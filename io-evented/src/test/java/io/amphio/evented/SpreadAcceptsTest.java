package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.net.ListenOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two ways to spread connections over the loops, as the guide of {@code ListenOptions} and {@code Placement} says. */
class SpreadAcceptsTest {
    private static final int LOOPS = 2;
    private static final int CONNECTIONS = 64;
    private static final TaskOptions SPREAD = TaskOptions.DEFAULT.withPlacement(Placement.SPREAD);
    private static final TaskOptions SAME_LOOP = TaskOptions.DEFAULT.withPlacement(Placement.SAME_LOOP);

    @BeforeEach
    void only_where_java_lang_is_open() {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
    }

    private static IoRuntime open() {
        // Nothing moves, so where a task is is where it was put.
        return EventedIo.open(
                EventedOptions.DEFAULT.withLoops(LOOPS).withStealing(false).withSpares(0));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static void read(Io io, Stream stream) throws IOException {
        try (stream) {
            assertEquals(-1, stream.read(io, ByteBuffer.allocate(1)));
        }
    }

    /** How many tasks of that name wait for a read on each loop. */
    private static long[] readersOnEach(Io io) {
        long[] counts = new long[LOOPS];
        for (int i = 0; i < LOOPS; i++) {
            String loop = ", on amphio-loop-" + i + " for good: waits for read";
            counts[i] = io.dumpTasks()
                    .lines()
                    .filter(line -> line.contains("- reader") && line.contains(loop))
                    .count();
        }
        return counts;
    }

    private static long[] connect(Io io, int port) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            while (true) {
                long[] counts = readersOnEach(io);
                if (counts[0] + counts[1] == CONNECTIONS) {
                    return counts;
                }
                Thread.onSpinWait();
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void a_listener_on_each_loop_by_reuse_port() throws Exception {
        try (IoRuntime runtime = open()) {
            Io io = runtime.io();
            ListenOptions shared = ListenOptions.DEFAULT.withReusePort(true);
            List<Server> servers = new ArrayList<>();
            List<Future<?>> acceptors = new ArrayList<>();
            int port = 0;
            for (int i = 0; i < LOOPS; i++) {
                Server server = io.net().listen(loopback(port), shared);
                port = server.localAddress().getPort();
                servers.add(server);
                acceptors.add(io.async(SPREAD, () -> acceptAndRead(io, server, SAME_LOOP)));
            }
            long[] counts = connect(io, port);
            assertTrue(counts[0] > 0 && counts[1] > 0, counts[0] + " and " + counts[1]); // the kernel's hash decides
            acceptors.forEach(acceptor -> acceptor.cancel(io));
            servers.forEach(Server::close);
        }
    }

    @Test
    void one_listener_whose_connections_are_placed_in_turn() throws Exception {
        try (IoRuntime runtime = open()) {
            Io io = runtime.io();
            try (Server server = io.net().listen(loopback(0))) {
                Future<?> acceptor = io.async(() -> acceptAndRead(io, server, SPREAD));
                long[] counts = connect(io, server.localAddress().getPort());
                assertEquals(CONNECTIONS / 2, counts[0]);
                assertEquals(CONNECTIONS / 2, counts[1]);
                acceptor.cancel(io);
            }
        }
    }

    private static void acceptAndRead(Io io, Server server, TaskOptions where) throws IOException {
        while (true) {
            Stream stream = server.accept(io, Timeout.NONE);
            io.async(where.withName("reader"), () -> read(io, stream));
        }
    }
}
