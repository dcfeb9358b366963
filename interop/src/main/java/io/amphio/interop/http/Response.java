package io.amphio.interop.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The answer to a request.
 *
 * <p>The server adds {@code Content-Length}, {@code Date} and {@code Connection}, and leaves the body out where there is none, as
 * for {@code HEAD}.
 *
 * <p><b>Threads:</b> immutable, if the array of the body is left alone; one response may answer many requests.
 */
public final class Response {
    private static final Set<String> OURS = Set.of("connection", "content-length", "date", "transfer-encoding");
    private static final byte[] EMPTY = {};

    private final int status;
    private final List<HttpHeader> headers;
    private final byte[] body;

    private Response(int status, List<HttpHeader> headers, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("not the status of a response: " + status);
        }
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Returns a response without a body. */
    public static Response of(int status) {
        return new Response(status, List.of(), EMPTY);
    }

    /** Returns a response with a body that is not copied. */
    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, List.of(new HttpHeader("Content-Type", contentType)), body);
    }

    /** Returns a response of plain text. */
    public static Response text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a response of JSON. */
    public static Response json(int status, String json) {
        return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a page. */
    public static Response html(int status, String html) {
        return of(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns this response with one header more.
     *
     * @throws IllegalArgumentException if it is none, or one that the server sets
     */
    public Response withHeader(String name, String value) {
        HttpHeader header = new HttpHeader(name, value);
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the server sets this header itself: " + name);
        }
        List<HttpHeader> more = new ArrayList<>(headers);
        more.add(header);
        return new Response(status, List.copyOf(more), body);
    }

    /** Returns the status. */
    public int status() {
        return status;
    }

    /** Returns the headers that were set. */
    public List<HttpHeader> headers() {
        return headers;
    }

    /** Returns the body, for reading. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    /** Returns the body, to be written without a copy. */
    ByteBuffer content() {
        return ByteBuffer.wrap(body);
    }

    @Override
    public String toString() {
        return "Response " + status + ", " + body.length + " bytes";
    }
}
