package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What passes here is copied to a writer.
 *
 * <p>Room for the copy is made before anything is read or written, and no more is than has room. So each operation stays one: either it
 * happens, and the copy has it too, or neither has.
 */
final class Tee {
    private Tee() {}

    record OfReadable(Readable source, Writer copy) implements Readable {
        @Override
        public int read(Io io, ByteBuffer target) throws IOException {
            return copying(io, target, copy, source::read);
        }
    }

    record OfWritable(Writable target, Writer copy) implements Writable {
        @Override
        public int write(Io io, ByteBuffer source) throws IOException {
            return copying(io, source, copy, target::write);
        }

        @Override
        public void flush(Io io) throws IOException {
            target.flush(io);
            copy.flush(io);
        }
    }

    private interface Step {
        int move(Io io, ByteBuffer bytes) throws IOException;
    }

    private static int copying(Io io, ByteBuffer bytes, Writer copy, Step step) throws IOException {
        int limit = bytes.limit();
        int start = bytes.position();
        bytes.limit(Math.min(limit, start + copy.room(io)));
        try {
            return step.move(io, bytes);
        } finally {
            bytes.limit(limit);
            copy.accept(bytes, start, bytes.position() - start);
        }
    }
}
