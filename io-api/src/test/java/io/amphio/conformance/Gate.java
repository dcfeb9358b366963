package io.amphio.conformance;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.net.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream whose writes are canceled while it is shut. */
final class Gate extends Forwarding {
    boolean shut; // owned by the writing task

    Gate(Stream stream) {
        super(stream);
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        if (shut) {
            throw new CanceledException();
        }
        return super.write(io, source);
    }
}
