package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The standard input of a process, written by the JDK's stream: by a thread, as no write to such a stream can be canceled. A write
 * puts bytes into a buffer, as if the pipe were larger; the thread empties it. So a failure is told to the next write, or to flush.
 */
final class PumpedSink extends PipeSinkEnd {
    private static final int BUFFER_BYTES = 16384;

    private final OutputStream output;
    private final Pump pump;
    // The thread's while the pump runs, else the writing task's; handed over by the pump's state.
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private int count;

    @SuppressWarnings("this-escape") // the pump runs nothing before the first write
    PumpedSink(String stream, OutputStream output) {
        super(stream);
        this.output = output;
        this.pump = new Pump(what(), output, this::drain);
    }

    private void drain() throws IOException {
        output.write(bytes, 0, count);
        output.flush();
    }

    @Override
    protected long attempt(ByteBuffer[] buffers) throws IOException {
        pump.check();
        if (!pump.isIdle()) {
            return WOULD_BLOCK;
        }
        int taken = copy(buffers);
        count = taken;
        pump.start();
        int left = taken;
        for (ByteBuffer buffer : buffers) { // only now: there is a thread for it
            int part = Math.min(buffer.remaining(), left);
            buffer.position(buffer.position() + part);
            left -= part;
        }
        return taken;
    }

    private int copy(ByteBuffer[] buffers) {
        int copied = 0;
        for (ByteBuffer buffer : buffers) {
            int part = Math.min(buffer.remaining(), bytes.length - copied);
            buffer.get(buffer.position(), bytes, copied, part);
            copied += part;
        }
        return copied;
    }

    @Override
    protected void awaitReady(Io io, Timeout limit) {
        pump.awaitIdle(io, limit);
    }

    @Override
    public void flush(Io io) throws IOException {
        pump.awaitIdle(io, Timeout.NONE);
        pump.check();
    }

    @Override
    public void close() {
        pump.close();
    }
}
