package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Parses one request after the other from a reader, by Jetty's parser: what the parser does not need yet stays in the reader, so
 * pipelined requests wait there.
 *
 * <p>Jetty counts a head without what it recognizes at a glance, so the bytes that it consumes are counted here as well. It does
 * count the framing of a chunked body, beyond what that needs, against the limit of the head.
 */
final class RequestParser {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Reader reader;
    private final int headLimitBytes;
    private final Events events = new Events();
    private final HttpParser parser;
    private long
            headBytes; // of the current request, until its head is complete; owned by the connection's task, like all

    RequestParser(Reader reader, int headLimitBytes) {
        this.reader = reader;
        this.headLimitBytes = headLimitBytes;
        this.parser = new HttpParser(events, headLimitBytes, HttpCompliance.RFC9110) {
            @Override
            protected void badMessage(HttpException failure) {
                events.bad = failure; // behind the head, the handler would only hear of an early end
                super.badMessage(failure);
            }
        };
    }

    /**
     * Reads a head.
     *
     * @return the head, or null if the client closed the connection before it was complete
     * @throws HttpStatusException if it is malformed, too long, or of a version that is not ours
     */
    @Nullable
    Head readHead(Io io) throws IOException {
        parser.reset();
        events.begin();
        headBytes = 0;
        while (!events.headComplete) {
            if (reader.isAtEnd(io)) {
                return null;
            }
            parse(reader.peek(io, 1));
            if (headBytes > headLimitBytes) {
                throw tooLong();
            }
            throwIfBad();
        }
        HttpVersion version = events.version;
        if (version != HttpVersion.HTTP_1_0 && version != HttpVersion.HTTP_1_1) {
            throw new HttpStatusException(505, "This server speaks HTTP/1.1");
        }
        parse(NOTHING); // a request without a body is complete now
        long length = isComplete() ? 0 : parser.isChunking() ? -1 : parser.getContentLength();
        return new Head(
                events.method, events.target, version == HttpVersion.HTTP_1_0, List.copyOf(events.headers), length);
    }

    /** Returns whether all of the current request, its body included, was read. */
    boolean isComplete() {
        return events.complete;
    }

    /**
     * Reads some of the body.
     *
     * @return how many bytes; zero also when framing was read and nothing else
     * @throws HttpStatusException if the body is malformed, or its framing is out of all proportion
     */
    int readBody(Io io, ByteBuffer target) throws IOException {
        if (reader.isAtEnd(io)) {
            throw new ClientGoneException("the client closed the connection in the middle of a body");
        }
        ByteBuffer view = reader.peek(io, 1);
        view.limit(Math.min(view.limit(), target.remaining())); // so that all of the content fits
        int before = target.position();
        events.target(target);
        try {
            parse(view);
        } finally {
            events.target(null);
        }
        throwIfBad();
        return target.position() - before;
    }

    private void parse(ByteBuffer view) {
        int offered = view.remaining();
        parser.parseNext(view);
        if (events.bad == null) { // or the parser has cleared the view
            int consumed = offered - view.remaining();
            reader.toss(consumed);
            headBytes += consumed;
        }
    }

    private HttpStatusException tooLong() {
        return new HttpStatusException(431, "The head of the request is longer than " + headLimitBytes + " bytes");
    }

    private void throwIfBad() {
        HttpException bad = events.bad;
        if (bad != null) {
            String reason = bad.getReason();
            throw switch (bad.getCode()) {
                case 413 -> new HttpStatusException(413, "The request is too long");
                case 414 -> new HttpStatusException(414, "The target of the request is too long");
                case 431 ->
                    events.headComplete ? new HttpStatusException(413, "The body has too much framing") : tooLong();
                case 505 -> new HttpStatusException(505, "This server speaks HTTP/1.1");
                default -> new HttpStatusException(400, reason == null ? "Bad request" : "Bad request: " + reason);
            };
        }
    }

    /** What Jetty's parser tells. Its methods return true to make it stop there. */
    private static final class Events implements HttpParser.RequestHandler {
        private final List<HttpHeader> headers = new ArrayList<>();
        private String method = "";
        private String target = "";
        private @Nullable HttpVersion version;
        private boolean headComplete;
        private boolean complete;
        private @Nullable HttpException bad;
        private @Nullable ByteBuffer body;

        void begin() {
            headers.clear();
            headComplete = false;
            complete = false;
            bad = null;
        }

        void target(@Nullable ByteBuffer newBody) {
            body = newBody;
        }

        @Override
        public void startRequest(String startedMethod, String uri, HttpVersion startedVersion) {
            method = startedMethod;
            target = uri;
            version = startedVersion;
        }

        @Override
        public void parsedHeader(HttpField field) {
            String value = field.getValue();
            headers.add(new HttpHeader(field.getName(), value == null ? "" : value));
        }

        @Override
        public boolean headerComplete() {
            headComplete = true;
            return true;
        }

        @Override
        public boolean content(ByteBuffer piece) {
            ByteBuffer to = body;
            if (to == null) {
                throw new AssertionError("content that nobody asked for");
            }
            to.put(piece);
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            complete = true;
            return true;
        }

        @Override
        public void earlyEOF() {}

        @Override
        public void badMessage(HttpException failure) {}
    }
}
