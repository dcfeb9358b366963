package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The one thread that watches for all callers on virtual threads meets others that close what it watches. */
class PollerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int TALKERS = 100;
    private static final int ROUNDS = 2_000;

    private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    @BeforeEach
    void listen() {
        Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> uncaught.compareAndSet(null, thrown));
    }

    @AfterEach
    void stopListening() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    /** Closing reaches into the selector while the poller looks at what it has found there. */
    @Test
    void closes_at_any_moment_do_not_disturb_it() throws Exception {
        try (IoRuntime runtime = BlockingIo.open();
                Server server = runtime.io().net().listen(ANY_PORT)) {
            Io io = runtime.io();
            AtomicBoolean stop = new AtomicBoolean();
            List<Tests.Running<Object>> running = new ArrayList<>();
            for (int i = 0; i < TALKERS; i++) {
                Stream client = io.net().connect(io, server.localAddress());
                Stream accepted = server.accept(io);
                running.add(Tests.On.VIRTUAL_THREAD.start(() -> echo(io, accepted)));
                running.add(Tests.On.VIRTUAL_THREAD.start(() -> talk(io, client, stop)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                Stream client = io.net().connect(io, server.localAddress());
                Stream accepted = server.accept(io);
                var reader = Tests.On.VIRTUAL_THREAD.start(() -> accepted.read(io, ByteBuffer.allocate(1)));
                client.write(io, ByteBuffer.wrap(new byte[1])); // now the poller has a key of it
                assertEquals(1, reader.get());
                accepted.close();
                client.close();
            }
            stop.set(true);
            for (var each : running) {
                each.get();
            }
        }
        assertNull(uncaught.get(), () -> "the poller failed: " + uncaught.get());
    }

    private static Object echo(Io io, Stream stream) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        while (stream.read(io, buffer.clear()) > 0) {
            stream.writeAll(io, buffer.flip());
        }
        stream.close();
        return "ended";
    }

    private static Object talk(Io io, Stream stream, AtomicBoolean stop) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        while (!stop.get()) {
            stream.writeAll(io, buffer.clear());
            assertEquals(1, stream.read(io, buffer.clear()));
        }
        stream.close();
        return "ended";
    }
}
