package io.amphio.examples.notes;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.amphio.Io;
import io.amphio.interop.http.HttpStatusException;
import io.amphio.interop.http.Request;
import io.amphio.interop.http.Response;
import io.amphio.interop.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the service answers: JSON below {@code /api/notes}, and a page to use it. */
final class NotesApi {
    private static final int TITLE_LIMIT = 200;
    private static final int TEXT_LIMIT = 10_000;
    private static final long NAP_LIMIT_MILLIS = 50_000;
    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .disableHtmlEscaping()
            .create();

    private final NoteStore store;
    private final Response page = page();

    NotesApi(NoteStore store) {
        this.store = store;
    }

    Routes routes() {
        return new Routes()
                .get("/", (_, _) -> page)
                .get("/ping", (_, _) -> Response.text(200, "pong"))
                .get("/slow", this::slow)
                .get("/api/notes", this::list)
                .post("/api/notes", this::create)
                .get("/api/notes/{id}", (io, request) -> found(request, store.get(io, id(request))))
                .put("/api/notes/{id}", this::update)
                .delete("/api/notes/{id}", this::delete);
    }

    private record Failure(String error) {}

    /** Makes the response to an error, the server's own included. */
    static Response error(int status, String message) {
        return json(status, new Failure(message));
    }

    private static Response json(int status, Object value) {
        return Response.json(status, GSON.toJson(value)).withHeader("Cache-Control", "no-store");
    }

    // ---------------------------------------------------------------- notes

    private Response list(Io io, Request request) throws IOException {
        String wanted = request.query("q");
        return json(200, store.list(io, wanted == null ? "" : wanted));
    }

    private Response create(Io io, Request request) throws IOException {
        Checked draft = read(io, request);
        Note note = store.create(io, draft.title(), draft.text());
        return json(201, note).withHeader("Location", "/api/notes/" + note.id());
    }

    private Response update(Io io, Request request) throws IOException {
        long id = id(request);
        Checked draft = read(io, request);
        return found(request, store.update(io, id, draft.title(), draft.text()));
    }

    private Response delete(Io io, Request request) throws IOException {
        requireSameOrigin(request);
        if (!store.delete(io, id(request))) {
            throw unknown(request);
        }
        return Response.of(204);
    }

    private static Response found(Request request, @Nullable Note note) {
        if (note == null) {
            throw unknown(request);
        }
        return json(200, note);
    }

    private static long id(Request request) {
        try {
            return Long.parseLong(request.parameter("id"));
        } catch (NumberFormatException noNumber) {
            throw unknown(request);
        }
    }

    private static HttpStatusException unknown(Request request) {
        return new HttpStatusException(404, "There is no note " + request.parameter("id"));
    }

    // ---------------------------------------------------------------- what clients send

    /** What a client sends to create or change a note: anything, until it was checked. */
    private record Draft(@Nullable String title, @Nullable String text) {}

    private record Checked(String title, String text) {}

    private static Checked read(Io io, Request request) throws IOException {
        requireSameOrigin(request);
        Draft draft;
        try {
            draft = GSON.fromJson(request.readText(io), Draft.class);
        } catch (JsonParseException wrong) {
            draft = null;
        }
        if (draft == null) {
            throw bad("The body is not a note in JSON: {\"title\": \"...\", \"text\": \"...\"}");
        }
        String title = draft.title() == null ? "" : draft.title().strip();
        String text = draft.text() == null ? "" : draft.text();
        if (title.isEmpty()) {
            throw bad("A note needs a title");
        }
        requireLength("title", title, TITLE_LIMIT);
        requireLength("text", text, TEXT_LIMIT);
        return new Checked(title, text);
    }

    private static void requireLength(String what, String value, int limit) {
        if (value.length() > limit) {
            throw bad("The " + what + " has " + value.length() + " characters; " + limit + " is the limit");
        }
    }

    /** A page of another site may not change notes through the browser of somebody who runs this. */
    private static void requireSameOrigin(Request request) {
        String origin = request.header("Origin");
        if (origin != null && !origin.equals("http://" + request.header("Host"))) {
            throw new HttpStatusException(403, "Requests from pages of " + origin + " are refused");
        }
    }

    private static HttpStatusException bad(String message) {
        return new HttpStatusException(400, message);
    }

    // ---------------------------------------------------------------- the others

    private Response slow(Io io, Request request) throws IOException {
        long millis;
        try {
            String ms = request.query("ms");
            millis = Long.parseLong(ms == null ? "" : ms);
        } catch (NumberFormatException noNumber) {
            millis = -1;
        }
        if (millis < 0 || millis > NAP_LIMIT_MILLIS) {
            throw bad("ms must be a whole number from 0 to " + NAP_LIMIT_MILLIS);
        }
        store.nap(io, Duration.ofMillis(millis));
        return Response.text(200, "held a connection for " + millis + " ms");
    }

    private static Response page() {
        try (InputStream html = NotesApi.class.getResourceAsStream("notes.html")) {
            if (html == null) {
                throw new AssertionError("notes.html is missing");
            }
            return Response.of(200, "text/html; charset=utf-8", html.readAllBytes())
                    .withHeader("Cache-Control", "no-cache")
                    .withHeader("X-Content-Type-Options", "nosniff")
                    .withHeader(
                            "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
                                    + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
