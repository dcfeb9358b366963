package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.net.Stream;
import io.amphio.spi.Task;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream whose task is canceled as it comes to the k-th step, which is a read or a write. */
final class Canceling extends Forwarding {
    volatile int left; // owned by the task that uses the stream, and then by that of the test
    volatile boolean struck;

    /**
     * Makes it.
     *
     * @param steps how many are done before the one that meets the cancel; below zero for none
     */
    Canceling(Stream stream, int steps) {
        super(stream);
        this.left = steps;
    }

    private void step() {
        int now = left;
        left = now - 1;
        if (now == 0) {
            struck = true;
            Task.current().requestCancel();
        }
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        step();
        return super.read(io, target);
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        step();
        return super.write(io, source);
    }
}
