package io.amphio.interop.http;

import static io.amphio.interop.http.RawClient.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answer which request gets, byte by byte. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class HttpMessagesTest {
    private static final long SEED = Long.getLong("amphio.seed", System.nanoTime());
    private static final int BODY_LIMIT = 1000;

    @Parameter
    String io;

    private Served served;
    private RawClient client;

    @BeforeEach
    void serve() throws IOException {
        Routes routes = new Routes()
                .get("/ping", (_, _) -> Response.text(200, "pong"))
                .get(
                        "/hello/{name}",
                        (_, request) -> Response.text(
                                200,
                                request.parameter("name") + "," + request.query("q") + ","
                                        + request.header("x-header")))
                .post("/echo", (io, request) -> Response.text(200, request.readText(io)))
                .put("/ignore", (_, _) -> Response.of(204))
                .get("/large", (_, _) -> Response.text(200, "x".repeat(3_000_000)))
                .get("/many", (_, _) -> {
                    Response response = Response.of(200);
                    for (int i = 0; i < 200; i++) {
                        response = response.withHeader("X-" + i, "a value of some length, " + i);
                    }
                    return response;
                });
        served = new Served(
                io,
                routes,
                HttpOptions.DEFAULT
                        .withHeadLimitBytes(2000)
                        .withBodyLimitBytes(BODY_LIMIT)
                        .withHeadTimeout(Duration.ofSeconds(2)));
        client = served.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        served.close();
    }

    private void assertAlive() throws IOException {
        assertEquals("pong", client.ask(get("/ping")).body());
    }

    private void assertRefused(int status, RawClient.Answer answer) throws IOException {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("close", answer.header("Connection"));
        client.shutdownOutput();
        assertTrue(client.isClosed());
    }

    // ---------------------------------------------------------------- one after the other

    @Test
    void a_connection_serves_many_requests() throws IOException {
        for (int i = 0; i < 3; i++) {
            RawClient.Answer answer = client.ask(get("/ping"));
            assertEquals(200, answer.status());
            assertEquals("pong", answer.body());
            assertEquals("text/plain; charset=utf-8", answer.header("content-type"));
            assertEquals("", answer.header("Connection"));
            ZonedDateTime.parse(answer.header("Date"), DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.US));
        }
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            all.append("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n%03d".formatted(i));
        }
        client.send(all.toString());
        for (int i = 0; i < 100; i++) {
            assertEquals("%03d".formatted(i), client.read().body());
        }
    }

    @Test
    void a_request_may_come_byte_by_byte() throws IOException {
        String request = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
            client.send(new byte[] {b});
        }
        assertEquals("abc", client.read().body());
        assertAlive();
    }

    @Test
    void a_chunked_body_may_have_extensions_and_trailers() throws IOException {
        RawClient.Answer answer = client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
        assertEquals("hello world", answer.body());
        assertAlive();
    }

    @Test
    void a_large_response_arrives() throws IOException {
        assertEquals(3_000_000, client.ask(get("/large")).body().length());
        assertAlive();
    }

    @Test
    void a_response_may_have_many_headers() throws IOException {
        RawClient.Answer answer = client.ask(get("/many"));
        assertEquals("a value of some length, 199", answer.header("X-199"));
        assertAlive();
    }

    @Test
    void http_1_0_closes_unless_asked_to_keep_alive() throws IOException {
        RawClient.Answer kept = client.ask("GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertEquals("keep-alive", kept.header("Connection"));
        assertEquals("pong", kept.body());
        assertEquals("pong", client.ask("GET /ping HTTP/1.0\r\n\r\n").body());
        assertTrue(client.isClosed());
    }

    @Test
    void a_client_may_ask_to_close() throws IOException {
        assertRefused(200, client.ask("GET /ping HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void a_client_may_close_its_end_and_still_read_the_answers() throws IOException {
        client.send(get("/ping") + get("/large")).shutdownOutput();
        assertEquals("pong", client.read().body());
        assertEquals(3_000_000, client.read().body().length());
        assertTrue(client.isClosed());
    }

    // ---------------------------------------------------------------- targets and methods

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/hello/you|you,null,null",
                "/hello/a%20b%2Fc|a b/c,null,null",
                "/hello/%C3%A9?q=%C3%A9+1&q=2|é,é 1,null",
                "http://elsewhere/hello/x?q=|x,,null",
            })
    void parameters_and_queries_are_decoded(String target, String expected) throws IOException {
        assertEquals(expected, client.ask(get(target)).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello/%zz", "/hello/%4", "/hello/%ff", "ftp://h/ping", "ping", "/ping#x"})
    void a_bad_target_is_a_400(String target) throws IOException {
        assertEquals(400, client.ask(get(target)).status());
    }

    @Test
    void an_unknown_path_is_a_404_and_the_connection_stays() throws IOException {
        assertEquals(404, client.ask(get("/nowhere")).status());
        assertEquals(404, client.ask(get("/hello/")).status());
        assertEquals(
                404,
                client.ask("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
                        .status());
        assertAlive();
    }

    @ParameterizedTest
    @CsvSource({"DELETE,/ping", "get,/ping", "PUT,/echo"})
    void a_method_without_a_handler_is_a_405_that_says_what_is_allowed(String method, String path) throws IOException {
        RawClient.Answer answer = client.ask(method + " " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(405, answer.status());
        assertEquals(path.equals("/echo") ? "OPTIONS, POST" : "GET, HEAD, OPTIONS", answer.header("Allow"));
        assertAlive();
    }

    @Test
    void options_is_answered_without_a_handler() throws IOException {
        RawClient.Answer answer = client.ask("OPTIONS /ping HTTP/1.1\r\nHost: h\r\n\r\n");
        assertEquals(204, answer.status());
        assertEquals("GET, HEAD, OPTIONS", answer.header("Allow"));
        assertEquals(204, client.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status());
        assertAlive();
    }

    @Test
    void head_has_the_length_and_no_body() throws IOException {
        RawClient.Answer answer =
                client.send("HEAD /ping HTTP/1.1\r\nHost: h\r\n\r\n").read(true);
        assertEquals("4", answer.header("Content-Length"));
        assertAlive();
    }

    // ---------------------------------------------------------------- limits and nonsense

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|GET /ping HTTP/1.1~~~~", // no Host
                "400|GET /ping HTTP/1.1~~Host: a~~Host: b~~~~",
                "400|GET /ping HTTP/1.1~~Host: h~~no colon~~~~",
                "400|GET /ping HTTP/1.1~~Host: h~~X : space~~~~",
                "400|GET /ping HTTP/1.1~~Host: h~~ folded~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Content-Length: x~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Content-Length: -1~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Content-Length: 99999999999999999999~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Content-Length: 1~~Content-Length: 2~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Content-Length: 3~~Transfer-Encoding: chunked~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Transfer-Encoding: chunked, gzip~~~~",
                "400|POST /echo HTTP/1.1~~Host: h~~Transfer-Encoding: chunked~~~~zz~~",
                "400|GET~~~~",
                "505|GET /ping HTTP/3.7~~Host: h~~~~",
                "505|PRI * HTTP/2.0~~~~SM~~~~",
            })
    void nonsense_is_refused_and_the_connection_closed(int status, String request) throws IOException {
        assertRefused(status, client.ask(request.replace("~~", "\r\n")));
    }

    @Test
    void a_head_that_is_too_long_is_a_431() throws IOException {
        client.send("GET /ping HTTP/1.1\r\nHost: h\r\n");
        assertRefused(431, client.ask("X: " + "y".repeat(3000) + "\r\n\r\n"));
    }

    @Test
    void a_head_of_many_common_headers_is_a_431_too() throws IOException {
        client.send("GET /ping HTTP/1.1\r\nHost: h\r\n");
        assertRefused(431, client.ask("Accept: */*\r\n".repeat(600) + "\r\n"));
    }

    @Test
    void a_target_that_is_too_long_is_a_414() throws IOException {
        assertRefused(414, client.ask(get("/" + "y".repeat(10_000))));
    }

    @Test
    void a_body_that_is_declared_too_long_is_a_413_even_while_the_client_sends() throws IOException {
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n")
                .send("y".repeat(500_000));
        assertRefused(413, client.read());
    }

    @Test
    void a_chunked_body_that_gets_too_long_is_a_413() throws IOException {
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100; i++) {
            client.send("64\r\n" + "y".repeat(100) + "\r\n");
        }
        assertRefused(413, client.read());
    }

    @Test
    void a_chunked_body_of_little_but_framing_is_a_413() throws IOException {
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send("1;aaaaaaaaaaaaaaaaaaaa\r\nx\r\n".repeat(500));
        assertRefused(413, client.read());
    }

    @Test
    void a_chunked_body_of_many_small_chunks_is_read() throws IOException {
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertEquals(
                "y".repeat(900),
                client.ask("1\r\ny\r\n".repeat(900) + "0\r\n\r\n").body());
    }

    @Test
    void a_body_of_exactly_the_limit_is_read() throws IOException {
        String body = "y".repeat(BODY_LIMIT);
        assertEquals(
                body,
                client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body)
                        .body());
        String chunked = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + body;
        assertEquals(body, client.ask(chunked + "\r\n0\r\n\r\n").body());
        assertAlive();
    }

    @Test
    void a_body_that_no_handler_reads_does_not_disturb_the_next_request() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    204,
                    client.ask("PUT /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n" + "y".repeat(900))
                            .status());
        }
        assertAlive();
    }

    @Test
    void a_long_body_that_no_handler_reads_ends_the_connection() throws IOException {
        client.send("PUT /ignore HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n")
                .send("y".repeat(100_000));
        assertRefused(204, client.read());
    }

    // ---------------------------------------------------------------- Expect: 100-continue

    @Test
    void a_client_that_waits_to_be_told_is_told_when_the_body_is_read() throws IOException {
        String head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
        assertEquals(100, client.ask(head).status());
        assertEquals("body", client.ask("body").body());
        assertAlive();
    }

    @Test
    void a_client_whose_body_is_not_wanted_gets_the_answer_at_once() throws IOException {
        String expect = "Expect: 100-continue\r\n\r\n";
        assertRefused(404, client.ask("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n" + expect));
    }

    @Test
    void a_client_whose_body_is_too_long_is_not_told_to_send_it() throws IOException {
        String expect = "Expect: 100-continue\r\n\r\n";
        assertRefused(413, client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 40000\r\n" + expect));
    }

    // ---------------------------------------------------------------- anything

    @Test
    void whatever_is_sent_the_server_answers_or_closes_and_goes_on() throws IOException {
        Random random = new Random(SEED);
        String[] seeds = {
            get("/ping"),
            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get("/ping"),
            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + get("/ping"),
        };
        for (int round = 0; round < 200; round++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].getBytes(StandardCharsets.ISO_8859_1);
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try (RawClient wild = served.connect()) {
                wild.send(bytes).shutdownOutput();
                while (!wild.isClosed()) {
                    // whatever it says
                }
            } catch (IOException reset) {
                throw new AssertionError("-Damphio.seed=" + SEED + " in round " + round, reset);
            }
        }
        assertAlive();
    }
}
