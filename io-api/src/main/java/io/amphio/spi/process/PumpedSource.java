package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * An output of a process, read by the JDK's stream: what is there at once in place, and else by a thread, as no read of such a stream can
 * be canceled. What the thread reads for somebody who is gone meanwhile stays for the next.
 */
final class PumpedSource extends PipeSourceEnd {
    private static final int BUFFER_BYTES = 16384;

    private final InputStream input;
    private final Pump pump;
    // The thread's while the pump runs, else the reading task's; handed over by the pump's state.
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private boolean ended;

    @SuppressWarnings("this-escape") // the pump runs nothing before the first read
    PumpedSource(String stream, InputStream input) {
        super(stream);
        this.input = input;
        this.pump = new Pump(what(), input, this::fill);
    }

    private void fill() throws IOException {
        int count = input.read(bytes, 0, bytes.length);
        ended = count < 0;
        from = 0;
        to = Math.max(0, count);
    }

    @Override
    protected long attempt(ByteBuffer[] buffers) throws IOException {
        pump.check();
        if (!pump.isIdle()) {
            return WOULD_BLOCK;
        }
        if (from == to && !ended && input.available() > 0) {
            fill();
        }
        return from == to && !ended ? WOULD_BLOCK : take(buffers);
    }

    private long take(ByteBuffer[] buffers) {
        if (from == to) {
            return -1;
        }
        int before = from;
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(buffer.remaining(), to - from);
            buffer.put(bytes, from, count);
            from += count;
        }
        return (long) from - before;
    }

    @Override
    protected void awaitReady(Io io, Timeout limit) {
        if (pump.isIdle() && from == to && !ended) { // it may have brought something since the attempt
            pump.start();
        }
        pump.awaitIdle(io, limit);
    }

    /** Returns whether a thread reads. */
    boolean isPumping() {
        return !pump.isIdle();
    }

    @Override
    public void close() {
        pump.close();
    }
}
