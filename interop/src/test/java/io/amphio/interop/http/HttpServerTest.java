package io.amphio.interop.http;

import static io.amphio.interop.http.RawClient.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.sync.Event;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What bad clients and slow handlers cost, and how a server stops. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class HttpServerTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    @Parameter
    String io;

    private final Event release = new Event();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();

    private Served serve(HttpOptions options) throws IOException {
        return new Served(
                io,
                new Routes()
                        .get("/ping", (_, _) -> Response.text(200, "pong"))
                        .get("/wait", this::waitForRelease)
                        .get("/large", (_, _) -> Response.text(200, "x".repeat(40_000_000)))
                        .post("/echo", (io, request) -> Response.text(200, request.readText(io)))
                        .get("/fail", (_, _) -> {
                            throw new IllegalStateException("planned");
                        })
                        .get("/overflow", (_, _) -> {
                            throw new StackOverflowError("planned");
                        })
                        .get("/null", (_, _) -> null),
                options);
    }

    private Response waitForRelease(Io io, Request request) {
        entered.countDown();
        try {
            release.await(io);
            return Response.text(200, "released");
        } catch (Throwable failure) {
            thrown.set(failure);
            throw failure;
        }
    }

    // ---------------------------------------------------------------- bad clients

    @Test
    void a_client_that_trickles_its_head_gets_a_408_and_harms_nobody() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withHeadTimeout(SHORT));
                RawClient slow = served.connect();
                RawClient other = served.connect()) {
            slow.send("GET /ping HT");
            assertEquals("pong", other.ask(get("/ping")).body());
            RawClient.Answer answer = slow.read();
            assertEquals(408, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertEquals("pong", other.ask(get("/ping")).body());
        }
    }

    @Test
    void a_client_that_stalls_in_its_body_gets_a_408() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withRequestTimeout(SHORT));
                RawClient slow = served.connect()) {
            assertEquals(
                    408,
                    slow.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
                            .status());
        }
    }

    @Test
    void an_idle_connection_is_closed_in_silence() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withIdleTimeout(SHORT));
                RawClient silent = served.connect();
                RawClient once = served.connect()) {
            assertEquals("pong", once.ask(get("/ping")).body());
            assertTrue(silent.isClosed());
            assertTrue(once.isClosed());
        }
    }

    @Test
    void a_client_that_does_not_read_loses_its_connection_only() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withWriteTimeout(SHORT));
                RawClient deaf = served.connect();
                RawClient other = served.connect()) {
            deaf.send(get("/large"));
            untilOnlyOneIsConnected(served, other);
            assertThrows(IOException.class, deaf::read, "all of it came");
        }
    }

    /** Asks until the server's tasks are the serving one and that of {@code other}. */
    private static void untilOnlyOneIsConnected(Served served, RawClient other) throws IOException {
        do {
            assertEquals("pong", other.ask(get("/ping")).body());
        } while (served.io().dumpTasks().split("http /", -1).length > 2);
    }

    @Test
    void clients_that_reset_at_any_moment_harm_nobody() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT);
                RawClient other = served.connect()) {
            String request = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789";
            for (int cut = 0; cut <= request.length(); cut += 3) {
                try (RawClient client = served.connect()) {
                    client.send(request.substring(0, cut));
                    client.reset();
                }
            }
            try (RawClient reader = served.connect()) {
                reader.send(get("/large"));
                reader.reset();
            }
            untilOnlyOneIsConnected(served, other);
        }
    }

    @Test
    void connections_beyond_the_limit_get_a_503() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withConnectionLimit(1));
                RawClient first = served.connect()) {
            assertEquals("pong", first.ask(get("/ping")).body());
            try (RawClient second = served.connect()) {
                assertEquals(503, second.read().status());
                assertTrue(second.isClosed());
            }
            assertEquals("pong", first.ask(get("/ping")).body());
        }
    }

    // ---------------------------------------------------------------- bad handlers

    @Test
    void a_handler_that_fails_is_a_500_and_the_connection_stays() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT);
                RawClient client = served.connect()) {
            for (String path : List.of("/fail", "/overflow", "/null")) {
                RawClient.Answer answer = client.ask(get(path));
                assertEquals(500, answer.status());
                assertEquals("Internal server error\n", answer.body());
            }
            assertEquals("pong", client.ask(get("/ping")).body());
        }
    }

    @Test
    void a_handler_that_takes_too_long_is_a_503_and_the_connection_stays() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withRequestTimeout(SHORT));
                RawClient client = served.connect()) {
            assertEquals(503, client.ask(get("/wait")).status());
            assertTrue(thrown.get() instanceof CanceledException, "thrown: " + thrown.get());
            assertEquals("pong", client.ask(get("/ping")).body());
        }
    }

    // ---------------------------------------------------------------- stopping

    @Test
    void a_drain_closes_idle_connections_and_lets_requests_in_flight_finish() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT);
                RawClient idle = served.connect();
                RawClient busy = served.connect()) {
            assertEquals("pong", idle.ask(get("/ping")).body());
            busy.send(get("/wait"));
            entered.await();
            served.stop();
            assertTrue(idle.isClosed());
            assertThrows(ConnectException.class, served::connect);
            release.set();
            RawClient.Answer answer = busy.read();
            assertEquals("released", answer.body());
            assertEquals("close", answer.header("Connection"));
        }
    }

    @Test
    @SuppressWarnings("try") // the client goes before the server has drained
    void a_close_drains_too_and_serve_returns() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT);
                RawClient busy = served.connect()) {
            busy.send(get("/wait"));
            entered.await();
            served.server().close();
            release.set();
            assertEquals("released", busy.read().body());
            busy.close();
            served.serving.await(served.io());
        }
    }

    @Test
    void what_does_not_finish_in_time_is_canceled_and_gets_a_503() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT.withDrainTimeout(SHORT));
                RawClient busy = served.connect()) {
            busy.send(get("/wait"));
            entered.await();
            served.stop();
            RawClient.Answer answer = busy.read();
            assertEquals(503, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertTrue(thrown.get() instanceof CanceledException, "thrown: " + thrown.get());
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT)) {
            IOException inUse = assertThrows(
                    IOException.class,
                    () -> HttpServer.listen(
                            served.io(), served.address(), (_, _) -> Response.of(200), HttpOptions.DEFAULT));
            assertTrue(inUse.getMessage().contains(":" + served.address().getPort()), inUse.getMessage());
        }
    }

    // ---------------------------------------------------------------- another client

    @Test
    void the_client_of_the_jdk_is_served() throws Exception {
        try (Served served = serve(HttpOptions.DEFAULT);
                HttpClient client = HttpClient.newHttpClient()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(client.sendAsync(
                        HttpRequest.newBuilder(URI.create(served.url("/echo")))
                                .POST(HttpRequest.BodyPublishers.ofString("body " + i))
                                .expectContinue(i % 10 == 0)
                                .build(),
                        BodyHandlers.ofString()));
            }
            for (int i = 0; i < answers.size(); i++) {
                HttpResponse<String> answer = answers.get(i).get();
                assertEquals(200, answer.statusCode());
                assertEquals("body " + i, answer.body());
            }
        }
    }
}
