package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import io.amphio.tls.ClientAuth;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import io.amphio.tls.TlsStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS with programs that people use with it, where they are installed: curl, and both ends of OpenSSL's. */
public abstract class TlsToolsConformance extends Conformance {
    @TempDir
    Path folder;

    // ---------------------------------------------------------------- curl

    /** What a server of ours saw of one connection. */
    private record Seen(String version, String protocol, String host) {}

    private static Seen answerOne(Io io, Server server, TlsOptions options) throws IOException {
        try (TlsStream stream = Tls.server(io, server.accept(io), options)) {
            Reader reader = new Reader(stream);
            String line;
            do {
                line = reader.readLine(io, 1000);
                if (line == null) {
                    throw new EOFException("no request");
                }
            } while (!line.isEmpty()); // the end of the head
            // Neither its length nor its end by chunks: where it ends, the word of TLS alone says.
            stream.writeAll(io, bytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"));
            return new Seen(
                    stream.session().getProtocol(),
                    String.valueOf(stream.applicationProtocol()),
                    String.valueOf(stream.requestedHost()));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, 1.3", "TLSv1.2, 1.2"})
    void curl_reads_from_our_server_and_shows_its_certificate(String version, String most) throws Exception {
        Tool curl = Tool.find("curl");
        PemFiles files = new PemFiles(folder);
        run((io, other) -> {
            TlsOptions serving =
                    TlsPair.serving().withApplicationProtocols("http/1.1").withClientAuth(ClientAuth.NEED);
            try (Server server = io.net().listen(Connection.ANY_PORT)) {
                Started<Seen> serves = Started.start(io, () -> answerOne(io, server, serving));
                String printed = curl.run(
                        other,
                        0,
                        "--silent",
                        "--show-error",
                        "--ipv4",
                        "--tls-max",
                        most,
                        "--cacert",
                        files.authority(),
                        "--cert",
                        files.chain("client", "client"),
                        "--key",
                        files.key("client", "client"),
                        "https://localhost:" + server.localAddress().getPort() + "/");
                assertEquals("hello", printed);
                assertEquals(new Seen(version, "http/1.1", "localhost"), serves.await(io));
            }
        });
    }

    @Test
    void curl_refuses_our_server_by_another_name_and_without_our_authority() throws Exception {
        Tool curl = Tool.find("curl");
        PemFiles files = new PemFiles(folder);
        run((io, other) -> {
            try (Server server = io.net().listen(Connection.ANY_PORT)) {
                int port = server.localAddress().getPort();
                for (String host : List.of("wrong.test", "localhost")) {
                    Started<?> serves = Started.start(
                            io, () -> assertThrows(IOException.class, () -> answerOne(io, server, TlsPair.serving())));
                    List<String> arguments = new ArrayList<>(List.of(
                            "--silent", "--show-error", "--ipv4", "--resolve", host + ":" + port + ":127.0.0.1"));
                    if (host.equals("wrong.test")) {
                        arguments.addAll(List.of("--cacert", files.authority()));
                    }
                    arguments.add("https://" + host + ":" + port + "/");
                    String printed = curl.run(other, 60, arguments.toArray(String[]::new));
                    assertTrue(printed.contains("SSL"), printed);
                    serves.await(io);
                }
            }
        });
    }

    // ---------------------------------------------------------------- OpenSSL as the client

    /** OpenSSL asks for new keys in the middle: what follows, in both directions, is under them. */
    @Test
    void openssl_talks_to_our_server_and_updates_its_keys() throws Exception {
        Tool openssl = Tool.find("openssl");
        run((io, other) -> {
            try (Server server = io.net().listen(Connection.ANY_PORT)) {
                Started<?> echoes = Started.start(io, () -> {
                    try (TlsStream stream = Tls.server(io, server.accept(io), TlsPair.context("server"))) {
                        Reader reader = new Reader(stream);
                        String line = reader.readLine(io, 100);
                        while (line != null) {
                            stream.writeAll(io, bytes("echo of " + line + "\n"));
                            line = reader.readLine(io, 100);
                        }
                    }
                });
                int port = server.localAddress().getPort();
                Process client = openssl.start("s_client", "-connect", "127.0.0.1:" + port, "-tls1_3");
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

    /** Returns the line that begins so, which has to come. */
    private static String await(BufferedReader out, String start) throws IOException {
        List<String> before = new ArrayList<>();
        String line = out.readLine();
        while (line != null && !line.startsWith(start)) {
            before.add(line);
            line = out.readLine();
        }
        assertTrue(line != null, () -> "it ended before it said " + start + ": " + before);
        return line;
    }

    // ---------------------------------------------------------------- OpenSSL as the server

    /** Starts a server that sends back each line reversed, takes known clients only, and ends after {@code clients}. */
    private Process reversing(Tool openssl, PemFiles files, String version, int clients) throws IOException {
        return openssl.start(
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-naccept",
                String.valueOf(clients),
                "-rev",
                version.equals("TLSv1.3") ? "-tls1_3" : "-tls1_2",
                "-alpn",
                "h2,x",
                "-cert",
                files.chain("server", "server"),
                "-key",
                files.key("server", "server"),
                "-CAfile",
                files.authority(),
                "-Verify",
                "2",
                "-verify_return_error");
    }

    private static Stream connect(Io io, Io other, Process server) throws IOException {
        String accepts = other.<String, IOException>call(
                other, () -> await(server.inputReader(StandardCharsets.US_ASCII), "ACCEPT"));
        int port = Integer.parseInt(accepts.substring(accepts.lastIndexOf(':') + 1));
        return io.net().connect(io, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void our_client_talks_to_openssl_with_its_certificate_and_their_protocol(String version) throws Exception {
        Tool openssl = Tool.find("openssl");
        PemFiles files = new PemFiles(folder);
        run((io, other) -> {
            Process server = reversing(openssl, files, version, 1);
            try {
                TlsOptions options = TlsOptions.of(TlsPair.context("client")).withApplicationProtocols("x", "http/1.1");
                Stream plain = connect(io, other, server);
                try (TlsStream stream = Tls.client(io, plain, "example.test", options)) {
                    assertEquals(version, stream.session().getProtocol());
                    assertEquals("x", stream.applicationProtocol());
                    stream.writeAll(io, bytes("abc\n"));
                    Reader reader = new Reader(stream);
                    assertEquals("cba", reader.readLine(io, 100));
                    String longer = "0123456789".repeat(1_000); // more than it reads at once
                    stream.writeAll(io, bytes(longer + "\n"));
                    assertArrayEquals(
                            bytes(longer).array(),
                            new StringBuilder(reversedPieces(io, reader, longer.length()))
                                    .reverse()
                                    .toString()
                                    .getBytes(StandardCharsets.US_ASCII));
                    stream.shutdownOutput(io);
                    assertTrue(reader.isAtEnd(io), "it says that it has ended");
                }
            } finally {
                server.destroy();
            }
        });
    }

    private static String reversedPieces(Io io, Reader reader, int length) throws IOException {
        return new String(reader.readExactly(io, length + 1), StandardCharsets.US_ASCII).trim();
    }

    @Test
    void our_client_refuses_openssl_by_another_name_and_is_refused_without_a_certificate() throws Exception {
        Tool openssl = Tool.find("openssl");
        PemFiles files = new PemFiles(folder);
        run((io, other) -> {
            Process strict = reversing(openssl, files, "TLSv1.2", 1);
            try {
                Stream plain = connect(io, other, strict);
                String message = assertThrows(
                                SSLHandshakeException.class,
                                () -> Tls.client(io, plain, "wrong.test", TlsPair.trusting()))
                        .getMessage();
                assertTrue(message.contains("(wrong.test): certificate does not match host ("), message);
                assertFalse(plain.isOpen());
            } finally {
                strict.destroy();
            }
            Process needing = reversing(openssl, files, "TLSv1.2", 1);
            try {
                Stream plain = connect(io, other, needing);
                String message = assertThrows(
                                SSLHandshakeException.class,
                                () -> Tls.client(io, plain, "localhost", TlsPair.trusting()))
                        .getMessage();
                assertTrue(message.contains("(localhost): the peer refused, by the alert "), message);
            } finally {
                needing.destroy();
            }
        });
    }
}
