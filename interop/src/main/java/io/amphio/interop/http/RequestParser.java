package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Parses the requests of a client; what is wrong with one is told as the answer to it. */
final class RequestParser extends MessageParser {
    RequestParser(Reader reader, int headLimitBytes) {
        super(reader, headLimitBytes, true);
    }

    /**
     * Reads a head.
     *
     * @return the head, or null if the client closed the connection before it was complete
     * @throws HttpStatusException if it is malformed, too long, or of a version that is not ours
     */
    @Nullable
    Head readHead(Io io) throws IOException {
        if (!parseHead(io)) {
            return null;
        }
        HttpVersion version = events.version;
        if (version != HttpVersion.HTTP_1_0 && version != HttpVersion.HTTP_1_1) {
            throw new HttpStatusException(505, "This server speaks HTTP/1.1");
        }
        completeIfBodyless();
        return new Head(
                events.method,
                events.target,
                version == HttpVersion.HTTP_1_0,
                List.copyOf(events.headers),
                contentBytes());
    }

    @Override
    void throwTooLong() {
        throw tooLong();
    }

    private HttpStatusException tooLong() {
        return new HttpStatusException(431, "The head of the request is longer than " + headLimitBytes() + " bytes");
    }

    @Override
    void throwCutOff() throws IOException {
        throw new ClientGoneException("the client closed the connection in the middle of a body");
    }

    @Override
    void throwMalformed(HttpException bad) {
        String reason = bad.getReason();
        throw switch (bad.getCode()) {
            case 413 -> new HttpStatusException(413, "The request is too long");
            case 414 -> new HttpStatusException(414, "The target of the request is too long");
            case 431 -> events.headComplete ? new HttpStatusException(413, "The body has too much framing") : tooLong();
            case 505 -> new HttpStatusException(505, "This server speaks HTTP/1.1");
            default -> new HttpStatusException(400, reason == null ? "Bad request" : "Bad request: " + reason);
        };
    }
}
