package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.net.Stream;
import io.amphio.stream.Readable;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server has answered: its head is here, the body arrives as it is read.
 *
 * <p>One stream carries one request, and the server is asked to close it then: the caller opens it, does TLS over it where that is
 * wanted, and closes it. Redirections are told and not followed.
 *
 * <p><b>Threads:</b> owned by one task at a time.
 */
public final class ClientResponse implements Readable {
    private static final int HEAD_LIMIT_BYTES = 64 << 10;

    private final ResponseParser parser;
    private final List<HttpHeader> headers;
    private final long contentBytes;

    private ClientResponse(ResponseParser parser) {
        this.parser = parser;
        this.headers = List.copyOf(parser.events.headers);
        this.contentBytes = parser.contentBytes();
    }

    /**
     * Asks for what {@code uri} names, and reads the head of the response. Cancellation point.
     *
     * @param io who waits
     * @param stream connected to the server of {@code uri}
     * @param uri an absolute one, of http or https
     * @param headers besides {@code Host} and {@code Connection}
     * @throws IOException if the response is malformed, or the connection ended before it
     */
    public static ClientResponse get(Io io, Stream stream, URI uri, HttpHeader... headers) throws IOException {
        StringBuilder head = new StringBuilder("GET ").append(target(uri)).append(" HTTP/1.1\r\n");
        add(head, new HttpHeader("Host", uri.getRawAuthority().replaceFirst("^.*@", "")));
        for (HttpHeader header : headers) {
            add(head, header);
        }
        add(head, new HttpHeader("Connection", "close"));
        stream.writeAll(
                io, StandardCharsets.ISO_8859_1.encode(head.append("\r\n").toString()));
        stream.flush(io);
        ResponseParser parser = new ResponseParser(new Reader(stream), HEAD_LIMIT_BYTES);
        parser.readHead(io);
        return new ClientResponse(parser);
    }

    private static void add(StringBuilder head, HttpHeader header) {
        head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }

    /** Returns what to ask for: ASCII without spaces, as {@link URI} sees to. */
    private static String target(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath();
        String query = ascii.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** Returns the status, as 200. */
    public int status() {
        return parser.events.status;
    }

    /** Returns what the server calls its status; it may be empty. */
    public String reason() {
        return parser.events.reason;
    }

    /** Returns all headers, in order. */
    public List<HttpHeader> headers() {
        return headers;
    }

    /** Returns the value of a header; of several the first; null if there is none. */
    public @Nullable String header(String name) {
        for (HttpHeader header : headers) {
            if (header.is(name)) {
                return header.value();
            }
        }
        return null;
    }

    /** Returns the length of the body; -1 if only its end will tell. */
    public long contentBytes() {
        return contentBytes;
    }

    /**
     * Reads some of the body, as {@link Readable#read} says.
     *
     * @throws io.amphio.stream.EndOfStreamException if the connection ended before the body
     */
    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        int count = 0;
        while (count == 0 && !parser.isComplete()) {
            count = parser.readBody(io, target);
        }
        return count == 0 ? -1 : count;
    }

    @Override
    public String toString() {
        return status() + " " + reason();
    }
}
