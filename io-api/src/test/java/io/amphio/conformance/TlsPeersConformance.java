package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static io.amphio.conformance.Connection.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** TLS with the peers that the JDK has. */
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
}
