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
            int limit = target.limit();
            int start = target.position();
            target.limit(Math.min(limit, start + copy.room(io)));
            try {
                return source.read(io, target);
            } finally {
                target.limit(limit);
                copy.accept(target, start, target.position() - start);
            }
        }
    }

    record OfWritable(Writable target, Writer copy) implements Writable {
        @Override
        public int write(Io io, ByteBuffer source) throws IOException {
            int limit = source.limit();
            int start = source.position();
            source.limit(Math.min(limit, start + copy.room(io)));
            try {
                return target.write(io, source);
            } finally {
                source.limit(limit);
                copy.accept(source, start, source.position() - start);
            }
        }

        @Override
        public void flush(Io io) throws IOException {
            target.flush(io);
            copy.flush(io);
        }
    }
}
