package io.amphio.interop.streams;

import io.amphio.Io;
import io.amphio.stream.Writable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** See {@link Streams#outputStream}. Owned by who writes. */
final class WritableOutputStream extends OutputStream {
    private final Io io;
    private final Writable target;

    WritableOutputStream(Io io, Writable target) {
        this.io = Objects.requireNonNull(io, "outputStream: io is null");
        this.target = Objects.requireNonNull(target, "outputStream: the target is null");
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        target.writeAll(io, ByteBuffer.wrap(source, offset, length));
    }

    @Override
    public void flush() throws IOException {
        target.flush(io);
    }

    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            Closing.close(target);
        }
    }

    @Override
    public String toString() {
        return "OutputStream of " + target;
    }
}
