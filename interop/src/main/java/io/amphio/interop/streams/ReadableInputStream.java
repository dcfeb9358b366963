package io.amphio.interop.streams;

import io.amphio.Io;
import io.amphio.stream.Readable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** See {@link Streams#inputStream}. Owned by who reads. */
final class ReadableInputStream extends InputStream {
    private final Io io;
    private final Readable source;
    private final byte[] one = new byte[1];

    ReadableInputStream(Io io, Readable source) {
        this.io = Objects.requireNonNull(io, "inputStream: io is null");
        this.source = Objects.requireNonNull(source, "inputStream: the source is null");
    }

    @Override
    public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return source.read(io, ByteBuffer.wrap(target, offset, length));
    }

    @Override
    public void close() throws IOException {
        Closing.close(source);
    }

    @Override
    public String toString() {
        return "InputStream of " + source;
    }
}
