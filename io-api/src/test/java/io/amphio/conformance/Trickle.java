package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.net.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream that moves one byte at a time. */
final class Trickle extends Forwarding {
    Trickle(Stream stream) {
        super(stream);
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        int limit = target.limit();
        try {
            return super.read(io, target.limit(Math.min(limit, target.position() + 1)));
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        int limit = source.limit();
        try {
            return super.write(io, source.limit(Math.min(limit, source.position() + 1)));
        } finally {
            source.limit(limit);
        }
    }
}
