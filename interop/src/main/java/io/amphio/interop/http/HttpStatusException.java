package io.amphio.interop.http;

import java.util.ArrayList;
import java.util.List;

/** Thrown by a handler, or what it calls, to answer with an error; {@link HttpOptions#errors} makes the response of it. */
public final class HttpStatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient List<HttpHeader> headers;

    /**
     * Creates the exception.
     *
     * @param status 400 to 599
     * @param message for the client to read
     */
    public HttpStatusException(int status, String message) {
        this(status, message, List.of());
    }

    private HttpStatusException(int status, String message, List<HttpHeader> headers) {
        super(message, null, false, false); // an answer, not a bug: nobody needs its stack
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not the status of an error: " + status);
        }
        this.status = status;
        this.headers = headers;
    }

    /** Returns this answer with one header more. */
    public HttpStatusException withHeader(String name, String value) {
        List<HttpHeader> more = new ArrayList<>(headers);
        more.add(new HttpHeader(name, value));
        return new HttpStatusException(status, text(), List.copyOf(more));
    }

    /** Returns the status. */
    public int status() {
        return status;
    }

    /** Returns the message, for the client to read. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** Returns the headers that the response is to have. */
    public List<HttpHeader> headers() {
        return headers;
    }
}
