package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** TLS with peers that are not ours: those of the JDK, and OpenSSL where it is installed. */
public abstract class TlsPeersConformance extends Conformance {
    private static TlsStream accept(Io io, Server server) throws IOException {
        return Tls.server(io, server.accept(io), TlsPair.context("server"));
    }

    @Test
    void the_http_client_of_the_jdk_reads_from_our_server() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(Connection.ANY_PORT)) {
                Started<?> serves = Started.start(io, () -> {
                    try (TlsStream stream = accept(io, server)) {
                        Reader reader = new Reader(stream);
                        while (!"".equals(reader.readLine(io, 1000))) {} // the end of the head
                        stream.writeAll(
                                io, bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));
                    }
                });
                String body = other.<String, Exception>call(other, () -> {
                    try (HttpClient client = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .sslContext(TlsPair.context(null))
                            .build()) {
                        URI uri = URI.create(
                                "https://localhost:" + server.localAddress().getPort() + "/");
                        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                                .body();
                    }
                });
                assertEquals("hello", body);
                serves.await(io);
            }
        });
    }

    @Test
    void our_client_talks_to_a_server_socket_of_the_jdk() throws Exception {
        run((io, other) -> {
            try (SSLServerSocket server = (SSLServerSocket) TlsPair.context("server")
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Started<String> serves = Started.start(
                        other,
                        () -> other.<String, Exception>call(other, () -> {
                            try (SSLSocket socket = (SSLSocket) server.accept()) {
                                byte[] got = socket.getInputStream().readNBytes(5);
                                socket.getOutputStream().write("back".getBytes(StandardCharsets.US_ASCII));
                                assertEquals(-1, socket.getInputStream().read());
                                return new String(got, StandardCharsets.US_ASCII);
                            }
                        }));
                Stream plain = io.net()
                        .connect(io, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
                try (TlsStream stream = Tls.client(io, plain, "localhost", TlsPair.trusting())) {
                    stream.writeAll(io, bytes("there"));
                    assertEquals("back", read(io, stream));
                    stream.shutdownOutput();
                    assertEquals("there", serves.await(io));
                    assertEquals("end", read(io, stream));
                }
            }
        });
    }

    /** OpenSSL asks for new keys in the middle: what follows, in both directions, is under them. */
    @Test
    void openssl_talks_to_our_server_and_updates_its_keys() throws Exception {
        Path openssl = Path.of("/usr/bin/openssl");
        assumeTrue(Files.isExecutable(openssl), "no OpenSSL on this machine");
        run((io, other) -> {
            try (Server server = io.net().listen(Connection.ANY_PORT)) {
                Started<?> echoes = Started.start(io, () -> {
                    try (TlsStream stream = accept(io, server)) {
                        Reader reader = new Reader(stream);
                        String line = reader.readLine(io, 100);
                        while (line != null) {
                            stream.writeAll(io, bytes("echo of " + line + "\n"));
                            line = reader.readLine(io, 100);
                        }
                    }
                });
                int port = server.localAddress().getPort();
                Process client = new ProcessBuilder(
                                List.of(openssl.toString(), "s_client", "-connect", "127.0.0.1:" + port, "-tls1_3"))
                        .redirectErrorStream(true)
                        .start();
                try {
                    other.<Exception>call(other, () -> talk(client));
                } finally {
                    client.destroy();
                }
                echoes.await(io);
            }
        });
    }

    private static void talk(Process client) throws IOException {
        BufferedReader out = client.inputReader(StandardCharsets.US_ASCII);
        OutputStream in = client.getOutputStream();
        for (int round = 0; round < 3; round++) {
            say(in, "round " + round);
            await(out, "echo of round " + round);
            say(in, "K");
            await(out, "KEYUPDATE");
        }
        say(in, "last");
        await(out, "echo of last");
        say(in, "Q");
        while (out.readLine() != null) {} // until it has ended
    }

    private static void say(OutputStream in, String line) throws IOException {
        in.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        in.flush();
    }

    private static void await(BufferedReader out, String wanted) throws IOException {
        String line = out.readLine();
        while (line != null && !line.equals(wanted)) {
            line = out.readLine();
        }
        assertTrue(line != null, "it ended before it said " + wanted);
    }
}
