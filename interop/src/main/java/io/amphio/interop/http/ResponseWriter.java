package io.amphio.interop.http;

import io.amphio.Io;
import io.amphio.stream.Writable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.BufferUtil;

/** Writes responses, whose heads Jetty's generator makes. */
final class ResponseWriter {
    private static final int HEAD_BYTES = 1024;

    private final Writable target;
    private final HttpDate date;
    private final HttpGenerator generator = new HttpGenerator();

    ResponseWriter(Writable target, HttpDate date) {
        this.target = target;
        this.date = date;
    }

    /**
     * Writes a response.
     *
     * @param isHttp10 whether the client speaks HTTP/1.0
     * @param isHead whether to leave the body out
     * @param keep whether another request may follow on this connection
     */
    void write(Io io, boolean isHttp10, boolean isHead, Response response, boolean keep) throws IOException {
        HttpFields.Mutable fields = HttpFields.build();
        fields.add("Date", date.now(io.clock()));
        for (HttpHeader header : response.headers()) {
            fields.add(header.name(), header.value());
        }
        MetaData.Response head = new MetaData.Response(
                response.status(), null, isHttp10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1, fields);
        ByteBuffer content = hasBody(response) ? response.content() : BufferUtil.EMPTY_BUFFER;
        int length = content.remaining();

        ByteBuffer buffer = ByteBuffer.allocate(HEAD_BYTES); // so little costs less than to take and give a pooled one
        while (!generate(head, isHead, buffer, content, keep)) {
            buffer = ByteBuffer.allocate(buffer.capacity() * 2);
        }
        if (isHead || length == 0) {
            target.writeAll(io, buffer);
        } else if (length <= buffer.capacity() - buffer.limit()) {
            int end = buffer.limit();
            buffer.limit(end + length).put(end, content, 0, length); // so that one plain write will do
            target.writeAll(io, buffer);
        } else {
            target.writeAll(io, buffer, content);
        }
    }

    private static boolean hasBody(Response response) {
        return response.status() != 204 && response.status() != 304;
    }

    /** Makes the head in {@code buffer}; false if it has too little room. */
    private boolean generate(
            MetaData.Response head, boolean isHead, ByteBuffer buffer, ByteBuffer content, boolean keep)
            throws IOException {
        generator.reset();
        generator.setPersistent(keep);
        BufferUtil.clear(buffer);
        HttpGenerator.Result result = generator.generateResponse(head, isHead, buffer, null, content, true);
        return switch (result) {
            case FLUSH -> true;
            case HEADER_OVERFLOW -> false;
            default -> throw new AssertionError("the generator wants " + result);
        };
    }
}
