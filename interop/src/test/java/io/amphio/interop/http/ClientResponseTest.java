package io.amphio.interop.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.net.Stream;
import io.amphio.net.StreamPair;
import io.amphio.stream.EndOfStreamException;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of responses that are right, wrong or cut off, in pieces of any length. */
class ClientResponseTest {
    private interface Check {
        void run(Io io, ClientResponse response) throws IOException;
    }

    /** Has a server answer with {@code text}, {@code piece} bytes at a time, and then close; returns what it was asked. */
    private static String exchange(URI uri, String text, int piece, Check check) throws IOException {
        try (IoRuntime runtime = IoRuntime.open("--io", "blocking")) {
            Io io = runtime.io();
            StreamPair pair = io.net().pair();
            StringBuilder asked = new StringBuilder();
            try (Stream client = pair.first();
                    Group serving = new Group()) {
                serving.concurrent(io, () -> {
                            try (Stream server = pair.second()) {
                                Reader reader = new Reader(server);
                                for (String line = reader.readLine(io, 1000);
                                        line != null && !line.isEmpty();
                                        line = reader.readLine(io, 1000)) {
                                    asked.append(line).append('\n');
                                }
                                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                                for (int at = 0; at < bytes.length; at += piece) {
                                    server.writeAll(io, ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
                                }
                            }
                        })
                        .get();
                check.run(io, ClientResponse.get(io, client, uri, new HttpHeader("Accept", "*/*")));
                serving.await(io);
            }
            return asked.toString();
        }
    }

    private static String body(Io io, ClientResponse response) throws IOException {
        return new String(new Reader(response).readAll(io, 1 << 20), StandardCharsets.ISO_8859_1);
    }

    private static void assertBody(String expected, String text, int piece) throws IOException {
        exchange(URI.create("http://test/"), text.replace("|", "\r\n"), piece, (io, response) -> {
            assertEquals(200, response.status());
            assertEquals(expected, body(io, response));
            assertEquals(-1, response.read(io, ByteBuffer.allocate(1)));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void a_body_ends_by_its_length_its_last_chunk_or_the_connection(int piece) throws IOException {
        assertBody("hello", "HTTP/1.1 200 OK|Content-Length: 5||hello and what is not asked for", piece);
        assertBody("", "HTTP/1.1 200 OK|Content-Length: 0||", piece);
        assertBody(
                "hello there", "HTTP/1.1 200|Transfer-Encoding: chunked||5;x=y|hello|6| there|0|Trailer: x||", piece);
        assertBody("to the end", "HTTP/1.1 200 OK|Server: x||to the end", piece);
        assertBody("to the end", "HTTP/1.0 200 OK||to the end", piece);
        assertBody("hi", "HTTP/1.1 103 Early Hints|Link: x||HTTP/1.1 200 OK|Content-Length: 2||hi", piece);
    }

    @Test
    void the_head_is_told() throws IOException {
        exchange(
                URI.create("http://test/"),
                "HTTP/1.1 404 Not here\r\nA: 1\r\na: 2\r\nContent-Length: 3\r\n\r\nnot",
                100,
                (_, response) -> {
                    assertEquals("404 Not here", response.toString());
                    assertEquals("1", response.header("a"));
                    assertEquals(3, response.contentBytes());
                    assertEquals(3, response.headers().size());
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://test:81|GET / HTTP/1.1|Host: test:81",
                "https://user:secret@test/a%20b?q=%26#part|GET /a%20b?q=%26 HTTP/1.1|Host: test",
                "http://[::1]:8080/ü|GET /%C3%BC HTTP/1.1|Host: [::1]:8080",
            })
    void what_is_asked_is_what_the_uri_says(String uri, String line, String host) throws IOException {
        String asked = exchange(URI.create(uri), "HTTP/1.1 204 No\r\n\r\n", 100, (io, response) -> {
            assertEquals("", body(io, response));
        });
        assertEquals(line + "\n" + host + "\nAccept: */*\nConnection: close\n", asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 6||hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hel",
                "HTTP/1.1 200 OK|Content-",
                "",
            })
    void what_is_cut_off_is_never_taken_for_whole(String text) {
        for (int piece : new int[] {1, 100}) {
            assertThrows(
                    EndOfStreamException.class,
                    () -> exchange(
                            URI.create("http://test/"), text.replace("|", "\r\n"), piece, ClientResponseTest::body));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH|",
                "HTTP/1.1 2x0 OK||",
                "HTTP/1.1 200 OK|Content-Length: five||hello",
                "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 6||hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||x|hello|0||",
            })
    void what_is_malformed_is_told(String text) {
        IOException told = assertThrows(
                IOException.class,
                () -> exchange(URI.create("http://test/"), text.replace("|", "\r\n"), 100, ClientResponseTest::body));
        assertTrue(String.valueOf(told.getMessage()).startsWith("the response is malformed: "), told.toString());
    }

    @Test
    void a_head_without_end_is_refused() {
        String text = "HTTP/1.1 200 OK\r\n" + "A: 12345678\r\n".repeat(10_000);
        IOException told = assertThrows(
                IOException.class, () -> exchange(URI.create("http://test/"), text, 1000, ClientResponseTest::body));
        assertEquals("the head of the response is longer than 65536 bytes", told.getMessage());
    }
}
