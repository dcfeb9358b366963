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
 * Parses one message after the other from a reader, by Jetty's parser: what the parser does not need yet stays in the reader, so
 * pipelined messages wait there.
 *
 * <p>Jetty counts a head without what it recognizes at a glance, so the bytes that it consumes are counted here as well. It does
 * count the framing of a chunked body, beyond what that needs, against the limit of the head.
 */
abstract class MessageParser {
    /** Jetty takes the status of a response for an error's, and asserts that it is one; so our own limit is met first. */
    private static final int SLACK_BYTES = 1 << 20;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    final Events events = new Events();
    private final Reader reader;
    private final int headLimitBytes;
    private final HttpParser parser;
    private long
            headBytes; // of the current message, until its head is complete; owned by the connection's task, like all

    /** Creates a parser of requests, or of responses. */
    MessageParser(Reader reader, int headLimitBytes, boolean ofRequests) {
        this.reader = reader;
        this.headLimitBytes = headLimitBytes;
        this.parser = ofRequests
                ? new Parser((HttpParser.RequestHandler) events, headLimitBytes)
                : new Parser((HttpParser.ResponseHandler) events, (int)
                        Math.min(Integer.MAX_VALUE, (long) headLimitBytes + SLACK_BYTES));
    }

    /** Throws what says that the head is too long. */
    abstract void throwTooLong() throws IOException;

    /** Throws what says how the message is malformed. */
    abstract void throwMalformed(HttpException failure) throws IOException;

    /** Throws what says that the peer closed the connection in the middle of a body. */
    abstract void throwCutOff() throws IOException;

    int headLimitBytes() {
        return headLimitBytes;
    }

    /** Parses a head; false if the peer closed the connection before it was complete. */
    boolean parseHead(Io io) throws IOException {
        parser.reset();
        events.begin();
        headBytes = 0;
        while (!events.headComplete) {
            if (reader.isAtEnd(io)) {
                return false;
            }
            parse(reader.peek(io, 1));
            if (headBytes > headLimitBytes) {
                throwTooLong();
            }
            throwIfBad();
        }
        return true;
    }

    /** Lets a message end that has no body; for after the version was looked at. */
    void completeIfBodyless() {
        parse(NOTHING);
    }

    /** Returns the length of the body; -1 if only its end will tell. */
    long contentBytes() {
        return isComplete() ? 0 : parser.isChunking() ? -1 : parser.getContentLength();
    }

    /** Returns whether all of the current message, its body included, was read. */
    boolean isComplete() {
        return events.complete;
    }

    /**
     * Reads some of the body.
     *
     * @return how many bytes; zero also when framing was read and nothing else
     */
    int readBody(Io io, ByteBuffer target) throws IOException {
        if (reader.isAtEnd(io)) {
            parser.atEOF();
            parse(NOTHING); // the end of the connection may be that of the message
            if (!isComplete()) {
                throwCutOff();
            }
            return 0;
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

    private void throwIfBad() throws IOException {
        HttpException bad = events.bad;
        if (bad != null) {
            throwMalformed(bad);
        }
    }

    /** Jetty's parser, which tells of a malformed body too: behind the head, its listener would only hear of an early end. */
    private final class Parser extends HttpParser {
        Parser(HttpParser.RequestHandler handler, int headLimitBytes) {
            super(handler, headLimitBytes, HttpCompliance.RFC9110);
        }

        Parser(HttpParser.ResponseHandler handler, int headLimitBytes) {
            super(handler, headLimitBytes, HttpCompliance.RFC9110);
        }

        @Override
        protected void badMessage(HttpException failure) {
            events.bad = failure;
            super.badMessage(failure);
        }
    }

    /** What Jetty's parser tells. Its methods return true to make it stop there. */
    static final class Events implements HttpParser.RequestHandler, HttpParser.ResponseHandler {
        final List<HttpHeader> headers = new ArrayList<>();
        String method = "";
        String target = "";
        int status;
        String reason = "";

        @Nullable
        HttpVersion version;

        boolean headComplete;
        private boolean complete;
        private @Nullable HttpException bad;
        private @Nullable ByteBuffer body;

        private void begin() {
            headers.clear();
            headComplete = false;
            complete = false;
            bad = null;
        }

        private void target(@Nullable ByteBuffer newBody) {
            body = newBody;
        }

        @Override
        public void startRequest(String startedMethod, String uri, HttpVersion startedVersion) {
            method = startedMethod;
            target = uri;
            version = startedVersion;
        }

        @Override
        public void startResponse(HttpVersion startedVersion, int startedStatus, @Nullable String startedReason) {
            version = startedVersion;
            status = startedStatus;
            reason = startedReason == null ? "" : startedReason;
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
