package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class EchoTest {
    @Parameter
    String io;

    private IoRuntime runtime;
    private Server server;
    private Future<?> serving;

    @BeforeEach
    void serve() throws IOException {
        runtime = IoRuntime.open(IoOptions.of(io));
        Io on = runtime.io();
        server = on.net().listen(new InetSocketAddress("127.0.0.1", 0));
        serving = on.concurrent(() -> Echo.serve(on, server)).get();
    }

    @AfterEach
    void stop() {
        serving.cancel(runtime.io());
        server.close();
        runtime.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(8000);
        socket.connect(server.localAddress());
        return socket;
    }

    @Test
    void all_bytes_come_back_and_then_the_end() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (Socket socket = connect()) {
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            assertArrayEquals(sent, socket.getInputStream().readAllBytes());
            writer.join();
        }
    }

    @Test
    void a_client_that_resets_harms_nobody() throws Exception {
        try (Socket other = connect()) {
            for (int i = 0; i < 10; i++) {
                Socket rude = connect();
                rude.getOutputStream().write(new byte[1000]);
                rude.setSoLinger(true, 0);
                rude.close();
            }
            other.getOutputStream().write(42);
            assertEquals(42, other.getInputStream().read());
        }
    }

    @Test
    void a_stop_closes_connections() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(1);
            assertEquals(1, socket.getInputStream().read());
            serving.cancel(runtime.io());
            assertEquals(-1, socket.getInputStream().read());
        }
    }
}
