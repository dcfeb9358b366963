package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An {@link OutputStream}, written to in the caller's thread. */
final class OutputStreamWritable implements Writable {
    private static final int CHUNK = 8192;

    private final OutputStream target;

    OutputStreamWritable(OutputStream target) {
        this.target = Objects.requireNonNull(target, "Writable.to: the stream is null");
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        io.checkCancel();
        int count = source.remaining();
        if (source.hasArray()) {
            target.write(source.array(), source.arrayOffset() + source.position(), count);
        } else {
            count = Math.min(count, CHUNK);
            byte[] chunk = new byte[count];
            source.get(source.position(), chunk);
            target.write(chunk);
        }
        source.position(source.position() + count);
        return count;
    }

    @Override
    public void flush(Io io) throws IOException {
        io.checkCancel();
        target.flush();
    }

    @Override
    public String toString() {
        return "Writable to " + target;
    }
}
