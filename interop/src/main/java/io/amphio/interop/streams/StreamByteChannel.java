package io.amphio.interop.streams;

import io.amphio.Io;
import io.amphio.net.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Objects;

/** See {@link Streams#byteChannel}. */
final class StreamByteChannel implements ByteChannel {
    private final Io io;
    private final Stream stream;

    StreamByteChannel(Io io, Stream stream) {
        this.io = Objects.requireNonNull(io, "byteChannel: io is null");
        this.stream = Objects.requireNonNull(stream, "byteChannel: the stream is null");
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return stream.read(io, target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int wanted = source.remaining();
        stream.writeAll(io, source);
        return wanted;
    }

    @Override
    public boolean isOpen() {
        return stream.isOpen();
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return "ByteChannel of " + stream;
    }
}
