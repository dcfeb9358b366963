package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** An {@link InputStream}, read in the caller's thread. */
final class InputStreamReadable implements Readable {
    private static final int CHUNK = 8192;

    private final InputStream source;

    InputStreamReadable(InputStream source) {
        this.source = Objects.requireNonNull(source, "Readable.from: the stream is null");
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        io.checkCancel(); // before the read: afterwards, bytes would be lost
        int room = target.remaining();
        if (room == 0) {
            return 0;
        }
        if (target.hasArray()) {
            int count = source.read(target.array(), target.arrayOffset() + target.position(), room);
            if (count > 0) {
                target.position(target.position() + count);
            }
            return count;
        }
        byte[] chunk = new byte[Math.min(room, CHUNK)];
        int count = source.read(chunk);
        if (count > 0) {
            target.put(chunk, 0, count);
        }
        return count;
    }

    @Override
    public String toString() {
        return "Readable of " + source;
    }
}
