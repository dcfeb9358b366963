package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.stream.Readable;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, as its head said it; the body arrives as it is read.
 *
 * <p><b>Threads:</b> for the task that handles it, until the handler returns.
 */
public final class Request {
    private final Head head;
    private final Target target;
    private final RequestBody body;
    private final InetSocketAddress remoteAddress;
    private final Map<String, String> parameters;

    Request(
            Head head,
            Target target,
            RequestBody body,
            InetSocketAddress remoteAddress,
            Map<String, String> parameters) {
        this.head = head;
        this.target = target;
        this.body = body;
        this.remoteAddress = remoteAddress;
        this.parameters = parameters;
    }

    /** Returns this request with what a route's pattern took from the path. */
    Request withParameters(Map<String, String> taken) {
        return new Request(head, target, body, remoteAddress, taken);
    }

    /** Returns the method, as {@code GET}; case matters. */
    public String method() {
        return head.method();
    }

    /** Returns the path as it came, percent signs and all, without the query. */
    public String path() {
        return target.path();
    }

    /** Returns what is between the slashes of the path, decoded. */
    List<String> segments() {
        return target.segments();
    }

    /**
     * Returns what the pattern of the route took from the path, decoded.
     *
     * @param name as in <code>/api/notes/{name}</code>
     * @throws IllegalArgumentException if the pattern has no such part
     */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}, but " + parameters.keySet());
        }
        return value;
    }

    /** Returns a value of the query, decoded; of several the first; null if there is none. */
    public @Nullable String query(String name) {
        List<String> values = target.query().get(name);
        return values == null ? null : values.getFirst();
    }

    /** Returns all values of the query, decoded. */
    public Map<String, List<String>> query() {
        return target.query();
    }

    /** Returns the value of a header; of several the first; null if there is none. */
    public @Nullable String header(String name) {
        for (HttpHeader header : head.headers()) {
            if (header.is(name)) {
                return header.value();
            }
        }
        return null;
    }

    /** Returns all headers, in order. */
    public List<HttpHeader> headers() {
        return head.headers();
    }

    /** Returns who asks, as far as the connection tells: a proxy in front looks like the client. */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * Returns the body, to be read piece by piece.
     *
     * <p>A client that waits to be told that its body is wanted ({@code Expect: 100-continue}) is told by the first read. A read
     * throws an {@link HttpStatusException} if the body is too long (413) or malformed (400).
     */
    public Readable body() {
        return body;
    }

    /**
     * Reads what is left of the body.
     *
     * @throws HttpStatusException if it is longer than {@link HttpOptions#bodyLimitBytes}, or malformed
     */
    public byte[] readBody(Io io) throws IOException {
        return new Reader(body, body.likelyBytes()).readAll(io, body.limitBytes());
    }

    /** Reads what is left of the body as UTF-8, as {@link #readBody} does. */
    public String readText(Io io) throws IOException {
        return new String(readBody(io), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method() + " " + path();
    }
}
