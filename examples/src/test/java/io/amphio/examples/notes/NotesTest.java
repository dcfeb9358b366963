package io.amphio.examples.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.TaskCanceledException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses the service as a client would. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class NotesTest {
    @Parameter
    String io;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Running running;

    /** The service in a runtime of its own, with one loop: what held that up would show. */
    private static final class Running implements AutoCloseable {
        private final IoRuntime runtime;
        private final Future<?> serving;
        private final String url;

        Running(String name, @Nullable Path data) throws Exception {
            runtime = IoRuntime.open(IoOptions.of(name).with("loops", "1"));
            Io io = runtime.io();
            CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();
            serving = io.concurrent(() -> Notes.serve(
                            io, runtime.blocking(), new InetSocketAddress("127.0.0.1", 0), data, listening::complete))
                    .get();
            serving.whenDone(outcome -> listening.completeExceptionally(new IOException("it ended: " + outcome)));
            url = "http://127.0.0.1:" + listening.get().getPort();
        }

        @Override
        public void close() {
            assertTrue(serving.cancel(runtime.io()).getCause() instanceof TaskCanceledException);
            runtime.close();
        }
    }

    private void start(@Nullable Path data) throws Exception {
        running = new Running(io, data);
    }

    @AfterEach
    void stop() {
        client.close();
        running.close();
    }

    private HttpResponse<String> ask(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(running.url + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonObject object(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    private JsonArray list(String query) throws Exception {
        HttpResponse<String> response = ask("GET", "/api/notes" + query, "");
        assertEquals(200, response.statusCode());
        return JsonParser.parseString(response.body()).getAsJsonArray();
    }

    @Test
    void a_note_is_written_read_changed_found_and_deleted() throws Exception {
        start(null);
        HttpResponse<String> created = ask("POST", "/api/notes", "{\"title\": \" Bread \", \"text\": \"Rye, ä € 🙂\"}");
        assertEquals(201, created.statusCode());
        String path = created.headers().firstValue("Location").orElseThrow();
        assertEquals("Bread", object(created).get("title").getAsString());
        assertEquals("Rye, ä € 🙂", object(ask("GET", path, "")).get("text").getAsString());
        assertEquals(200, ask("PUT", path, "{\"title\": \"Cake\"}").statusCode());
        assertEquals("", object(ask("GET", path, "")).get("text").getAsString());
        ask("POST", "/api/notes", "{\"title\": \"100% _other_\"}");
        assertEquals(2, list("").size());
        assertEquals(1, list("?q=CAKE").size());
        assertEquals(1, list("?q=0%25").size());
        assertEquals(0, list("?q=nowhere").size());
        assertEquals(204, ask("DELETE", path, "").statusCode());
        assertEquals(404, ask("GET", path, "").statusCode());
        assertEquals(404, ask("PUT", path, "{\"title\": \"Cake\"}").statusCode());
        assertEquals(404, ask("DELETE", path, "").statusCode());
        assertEquals(1, list("").size());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "400|POST|/api/notes|{}",
                "400|POST|/api/notes|{'title': ' '}",
                "400|POST|/api/notes|{'title': {}}",
                "400|POST|/api/notes|[]",
                "400|POST|/api/notes|null",
                "400|POST|/api/notes|{'title': 'a'",
                "400|POST|/api/notes|nonsense",
                "400|POST|/api/notes|LONG TITLE",
                "400|POST|/api/notes|LONG TEXT",
                "400|PUT|/api/notes/1|{'text': 'no title'}",
                "413|POST|/api/notes|HUGE",
                "404|GET|/api/notes/0|",
                "404|GET|/api/notes/x|",
                "404|GET|/nowhere|",
                "405|PUT|/api/notes|{}",
                "400|GET|/slow|",
                "400|GET|/slow?ms=-1|",
                "400|GET|/slow?ms=1e3|",
            })
    void what_is_wrong_is_said_in_json(int status, String method, String path, @Nullable String body) throws Exception {
        start(null);
        String sent = body == null
                ? ""
                : body.replace('\'', '"')
                        .replace("LONG TITLE", "{\"title\": \"" + "t".repeat(201) + "\"}")
                        .replace("LONG TEXT", "{\"title\": \"t\", \"text\": \"" + "t".repeat(10_001) + "\"}")
                        .replace("HUGE", "{\"title\": \"t\", \"text\": \"" + "t".repeat(100_000) + "\"}");
        HttpResponse<String> response = ask(method, path, sent);
        assertEquals(status, response.statusCode(), response.body());
        assertFalse(object(response).get("error").getAsString().isBlank());
        assertEquals(0, list("").size());
    }

    @Test
    void a_page_of_another_site_cannot_change_notes() throws Exception {
        start(null);
        String note = "{\"title\": \"t\"}";
        assertEquals(
                403,
                ask("POST", "/api/notes", note, "Origin", "http://evil.example").statusCode());
        assertEquals(201, ask("POST", "/api/notes", note, "Origin", running.url).statusCode());
        assertEquals(403, ask("DELETE", "/api/notes/1", "", "Origin", "null").statusCode());
        assertEquals(1, list("").size());
    }

    @Test
    void the_page_is_served() throws Exception {
        start(null);
        HttpResponse<String> page = ask("GET", "/", "");
        assertEquals(
                "text/html; charset=utf-8",
                page.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(page.body().contains("<h1>Notes</h1>"));
    }

    @Test
    void notes_outlive_the_service_if_they_have_a_place() throws Exception {
        start(directory);
        ask("POST", "/api/notes", "{\"title\": \"kept\"}");
        running.close();
        start(directory);
        assertEquals("kept", list("").get(0).getAsJsonObject().get("title").getAsString());
    }

    @Test
    void a_directory_that_cannot_be_used_is_named() throws Exception {
        start(directory);
        Io other = running.runtime.io();
        IOException refused = assertThrows(
                IOException.class, () -> NoteStore.open(other, running.runtime.blocking(), Path.of("/dev/null/x")));
        assertTrue(refused.getMessage().startsWith("open the database in /dev/null/x: "), refused.getMessage());
    }

    @Test
    void more_slow_requests_than_connections_hold_nothing_else_up() throws Exception {
        start(null);
        List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 3 * NoteStore.CONNECTIONS; i++) {
            URI uri = URI.create(running.url + "/slow?ms=300");
            slow.add(client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
        }
        assertEquals("pong", ask("GET", "/ping", "").body());
        assertFalse(slow.stream().allMatch(CompletableFuture::isDone), "nothing was slow");
        for (CompletableFuture<HttpResponse<String>> answer : slow) {
            assertEquals(200, answer.get().statusCode());
        }
    }

    @Test
    void a_stop_does_not_wait_for_a_long_nap() throws Exception {
        start(null);
        URI uri = URI.create(running.url + "/slow?ms=50000");
        var slow = client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        while (!running.runtime.io().dumpTasks().contains("nap") && !slow.isDone()) {
            Thread.onSpinWait();
        }
        long before = System.nanoTime();
        running.serving.requestCancel();
        assertEquals(503, slow.get().statusCode());
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(5), "it took too long");
    }
}
