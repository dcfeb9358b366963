package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.net.Stream;
import io.amphio.stream.Readable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The body of one request, read from the connection as the handler asks for it. */
final class RequestBody implements Readable {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_READ_BYTES = 8192;

    private final RequestParser parser;
    private final Stream stream;
    private final Head head;
    private final int limitBytes;

    // Owned by the connection's task.
    private boolean continueIsDue;
    private boolean waiting;
    private boolean broken;
    private boolean connectionFailed;
    private long readBytes;

    RequestBody(RequestParser parser, Stream stream, Head head, int limitBytes) {
        this.parser = parser;
        this.stream = stream;
        this.head = head;
        this.limitBytes = limitBytes;
        this.continueIsDue = head.expectsContinue() && head.contentBytes() != 0;
    }

    int limitBytes() {
        return limitBytes;
    }

    /** Returns a good capacity for who reads all of it: not what the client claims, unless that is little. */
    int likelyBytes() {
        return head.contentBytes() < 0 ? FIRST_READ_BYTES : Math.clamp(head.contentBytes(), 1, FIRST_READ_BYTES);
    }

    /** Returns whether the client was waited for when the handler ended: it is the client then who is late. */
    boolean isWaiting() {
        return waiting;
    }

    /** Returns whether the connection failed while the body was read: there is nobody left to answer. */
    boolean hasConnectionFailed() {
        return connectionFailed;
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (parser.isComplete()) {
            return -1;
        }
        if (head.contentBytes() > limitBytes) {
            throw tooLong();
        }
        waiting = true; // and stays so if this is canceled
        int count = 0;
        try {
            if (continueIsDue) {
                stream.writeAll(io, ByteBuffer.wrap(CONTINUE));
                continueIsDue = false;
            }
            while (count == 0 && !parser.isComplete()) {
                count = parser.readBody(io, target);
            }
        } catch (IOException failure) {
            connectionFailed = true;
            throw failure;
        } catch (HttpStatusException malformed) {
            broken = true;
            waiting = false;
            throw malformed;
        }
        waiting = false;
        readBytes += count;
        if (readBytes > limitBytes) {
            broken = true; // whoever reads on gets the same
            throw tooLong();
        }
        return count == 0 ? -1 : count;
    }

    private HttpStatusException tooLong() {
        return new HttpStatusException(413, "The body is longer than " + limitBytes + " bytes");
    }

    /**
     * Reads past what the handler left unread, if it is not much.
     *
     * @return whether the next request can be read from this connection
     */
    boolean discardRest(Io io, int atMostBytes) throws IOException {
        if (parser.isComplete()) {
            return !broken;
        }
        if (broken || waiting || continueIsDue || head.contentBytes() - readBytes > atMostBytes) {
            return false;
        }
        ByteBuffer dump = ByteBuffer.allocate(FIRST_READ_BYTES);
        for (int discarded = 0; discarded <= atMostBytes; ) {
            int count = read(io, dump.clear());
            if (count < 0) {
                return true;
            }
            discarded += count;
        }
        return false;
    }
}
