package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.net.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A stream whose writes move part of what they are given, or time out, by chance of the seed. */
final class Flaky extends Forwarding {
    private final SplittableRandom random = Seed.random(); // owned by the writing task
    boolean on; // owned by the writing task

    Flaky(Stream stream) {
        super(stream);
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        if (!on) {
            return super.write(io, source);
        }
        if (random.nextInt(3) == 0) {
            throw new TimedOutException("scripted");
        }
        int limit = source.limit();
        try {
            return super.write(io, source.limit(source.position() + 1 + random.nextInt(source.remaining())));
        } finally {
            source.limit(limit);
        }
    }
}
