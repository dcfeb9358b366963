package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import io.amphio.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream whose peer, from some moment on, takes a few bytes more and then nothing: how much a system takes nobody knows. */
final class Stalling extends Forwarding {
    private final Event never = new Event();
    private int left = Integer.MAX_VALUE; // owned by who writes
    private Timeout writeTimeout = Timeout.NONE; // the same

    Stalling(Stream stream) {
        super(stream);
    }

    /** From now on takes so many bytes, and then none. */
    void stallAfter(int bytes) {
        left = bytes;
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        if (left == 0) {
            never.await(io, writeTimeout);
        }
        ByteBuffer some = source.duplicate().limit(source.position() + Math.min(source.remaining(), left));
        int count = stream.write(io, some);
        source.position(source.position() + count);
        left -= left == Integer.MAX_VALUE ? 0 : count;
        return count;
    }

    @Override
    public void setWriteTimeout(Timeout timeout) {
        writeTimeout = timeout;
        super.setWriteTimeout(timeout);
    }
}
