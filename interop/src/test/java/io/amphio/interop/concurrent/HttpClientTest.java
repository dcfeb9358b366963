package io.amphio.interop.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Tasks;
import io.amphio.interop.Running;
import io.amphio.interop.http.HttpOptions;
import io.amphio.interop.http.HttpServer;
import io.amphio.interop.http.Response;
import io.amphio.interop.http.Routes;
import io.amphio.sync.Event;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's HTTP client, whose threads are tasks, against our server. */
class HttpClientTest {
    @ParameterizedTest
    @ValueSource(strings = {"blocking", "evented"})
    void the_client_runs_on_an_io_and_its_requests_are_awaited_and_canceled(String name) throws Exception {
        Event entered = new Event();
        Event left = new Event();
        Event never = new Event();
        Routes routes = new Routes()
                .post("/echo", (io, request) -> Response.text(200, request.readText(io)))
                .get("/wait", (io, _) -> {
                    entered.set();
                    try {
                        never.await(io);
                    } finally {
                        left.set();
                    }
                    return Response.text(200, "never");
                });
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of(name))) {
            Io io = runtime.io();
            HttpServer server = HttpServer.listen(
                    io, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes, HttpOptions.DEFAULT);
            Future<?> serving = io.concurrent(() -> server.serve(io)).get();
            String root = "http://127.0.0.1:" + server.localAddress().getPort();
            try (ExecutorService executor = IoExecutors.executor(io);
                    HttpClient client = HttpClient.newBuilder()
                            .executor(executor)
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()) {
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create(root + "/echo"))
                            .POST(HttpRequest.BodyPublishers.ofString("number " + i))
                            .build();
                    answers.add(CompletionStages.toFuture(client.sendAsync(request, BodyHandlers.ofString())));
                }
                int number = 0;
                for (HttpResponse<String> answer : Tasks.awaitAll(io, answers)) {
                    assertEquals("number " + number++, answer.body());
                }
                HttpRequest slow =
                        HttpRequest.newBuilder(URI.create(root + "/wait")).build();
                Running<?> waiting = Running.start(
                        io, () -> CompletionStages.await(io, client.sendAsync(slow, BodyHandlers.ofString())));
                entered.await(io);
                assertTrue(waiting.endsCanceled(io));
                client.shutdownNow();
            }
            serving.cancel(io);
            assertTrue(left.isSet());
            runtime.close(Duration.ofSeconds(5));
        }
    }
}
