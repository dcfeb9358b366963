package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The next {@code left} bytes of a source, and then the end. */
final class Limited implements Readable {
    private final Readable source;
    private long left; // owned by the reading task

    Limited(Readable source, long limitBytes) {
        this.source = source;
        this.left = limitBytes;
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        if (left == 0) {
            return -1;
        }
        int oldLimit = target.limit();
        int oldPosition = target.position();
        if (target.remaining() > left) {
            target.limit(oldPosition + (int) left);
        }
        try {
            return source.read(io, target);
        } finally {
            left -= target.position() - oldPosition;
            target.limit(oldLimit);
        }
    }

    @Override
    public String toString() {
        return left + " bytes of " + source;
    }
}
