package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.process.PipeSink;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A pipe's end that is written. */
public abstract class PipeSinkEnd extends PipeEnd implements PipeSink {
    /**
     * Creates an end.
     *
     * @param stream which of the three, and of what: "output of cat"
     */
    protected PipeSinkEnd(String stream) {
        super(stream, "write");
    }

    @Override
    public final int write(Io io, ByteBuffer source) throws IOException {
        return (int) transfer(io, source);
    }

    @Override
    public final long write(Io io, ByteBuffer... sources) throws IOException {
        return transfer(io, sources);
    }

    @Override
    public final void setWriteTimeout(Timeout timeout) {
        setTimeout(timeout);
    }
}
