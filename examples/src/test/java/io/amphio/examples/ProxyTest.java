package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class ProxyTest {
    @Parameter
    String io;

    private final Proxy proxy = new Proxy();
    private ServerSocket target;
    private IoRuntime runtime;
    private Server server;
    private Future<?> serving;

    @BeforeEach
    void listen() throws IOException {
        target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        target.setSoTimeout(8000);
    }

    private void start(String... options) throws IOException {
        new CommandLine(proxy).parseArgs(options);
        runtime = IoRuntime.open(IoOptions.of(io));
        Io on = runtime.io();
        server = on.net().listen(new InetSocketAddress("127.0.0.1", 0));
        Proxy.Target to = proxy.target();
        serving = on.concurrent(() -> proxy.serve(on, server, to)).get();
    }

    private String targetText() {
        return "127.0.0.1:" + target.getLocalPort();
    }

    @AfterEach
    void stop() throws IOException {
        serving.cancel(runtime.io());
        server.close();
        runtime.close();
        target.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(8000);
        socket.connect(server.localAddress());
        return socket;
    }

    private Socket accept() throws IOException {
        Socket socket = target.accept();
        socket.setSoTimeout(8000);
        return socket;
    }

    @Test
    void bytes_go_both_ways_and_each_way_ends_by_itself() throws Exception {
        start("--to", targetText());
        byte[] sent = new byte[2_000_000];
        new Random(1).nextBytes(sent);
        try (Socket client = connect();
                Socket there = accept()) {
            CompletableFuture<byte[]> arrived = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    arrived.complete(there.getInputStream().readAllBytes()); // the end comes through
                } catch (IOException failed) {
                    arrived.completeExceptionally(failed);
                }
            });
            client.getOutputStream().write(sent);
            client.shutdownOutput();
            assertArrayEquals(sent, arrived.get());
            there.getOutputStream().write("late".getBytes(StandardCharsets.US_ASCII)); // the other way is still open
            there.shutdownOutput();
            assertEquals("late", new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
        assertEquals("1 connections, 2000000 bytes sent, 4 bytes received", proxy.summary());
    }

    @Test
    void who_takes_nothing_is_sent_nothing() throws Exception {
        start("--to", targetText(), "--idle=2");
        try (Socket client = connect();
                Socket there = accept()) {
            assertTrue(there.isConnected());
            // Until the buffers of the system and of the proxy are full; then it waits, until that has taken too long.
            SocketException closed = org.junit.jupiter.api.Assertions.assertThrows(SocketException.class, () -> {
                for (long sent = 0; sent < 1L << 30; sent += 1 << 20) {
                    client.getOutputStream().write(new byte[1 << 20]);
                }
            });
            assertTrue(closed.getMessage() != null);
        }
    }

    @Test
    void a_silent_connection_is_closed_but_not_one_that_is_used_one_way() throws Exception {
        start("--to", targetText(), "--idle=0.5");
        try (Socket client = connect();
                Socket there = accept();
                Socket busy = connect();
                Socket busyThere = accept()) {
            Thread talking = Thread.ofVirtual().start(() -> {
                try {
                    while (client.getInputStream().read() >= 0) {} // until the silent one is closed
                } catch (IOException reset) {
                    // That is closed, too.
                }
            });
            int count = 0;
            while (talking.isAlive() || count < 3) {
                busyThere.getOutputStream().write(count);
                assertEquals(count++ & 0xff, busy.getInputStream().read());
                talking.join(java.time.Duration.ofMillis(100));
            }
            assertEquals(-1, there.getInputStream().read());
        }
    }

    @Test
    void nobody_there_closes_the_connection() throws Exception {
        start("--to", targetText());
        target.close();
        try (Socket client = connect()) {
            assertEquals(-1, client.getInputStream().read());
        }
    }

    private static String ask(Socket client, String request, int bytes) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    @Test
    void connect_says_where_to() throws Exception {
        start("--connect");
        try (Socket client = connect()) {
            // What follows the request at once is for the target.
            String request = "CONNECT " + targetText() + " HTTP/1.1\r\nHost: x\r\n\r\nhello";
            String answer = "HTTP/1.1 200 Connection established\r\n\r\n";
            assertEquals(answer, ask(client, request, answer.length()));
            try (Socket there = accept()) {
                assertEquals("hello", new String(there.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
            }
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void other_requests_are_refused() throws Exception {
        start("--connect");
        try (Socket client = connect()) {
            assertTrue(ask(client, "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 500)
                    .startsWith("HTTP/1.1 405 "));
        }
        try (Socket client = connect()) {
            assertTrue(ask(client, "CONNECT nowhere HTTP/1.1\r\n\r\n", 500).startsWith("HTTP/1.1 400 "));
        }
        target.close();
        try (Socket client = connect()) {
            assertTrue(ask(client, "CONNECT " + targetText() + " HTTP/1.1\r\n\r\n", 500)
                    .startsWith("HTTP/1.1 502 "));
        }
    }

    @Test
    void curl_goes_through_it_by_connect(@TempDir Path directory) throws Exception {
        Path curl = Path.of("/usr/bin/curl");
        assumeTrue(Files.isExecutable(curl), "no curl on this machine");
        start("--connect");
        try (HttpsPeer peer = new HttpsPeer("server", "127.0.0.1")) {
            Process process = new ProcessBuilder(
                            curl.toString(),
                            "-sS",
                            "--noproxy",
                            "",
                            "--cacert",
                            HttpsPeer.authority(directory).toString(),
                            "-x",
                            "http://127.0.0.1:" + server.localAddress().getPort(),
                            peer.url("localhost", "/big"))
                    .redirectErrorStream(true)
                    .start();
            assertArrayEquals(HttpsPeer.BIG, process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor());
        }
    }
}
