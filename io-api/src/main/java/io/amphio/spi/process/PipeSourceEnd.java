package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.process.PipeSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A pipe's end that is read. */
public abstract class PipeSourceEnd extends PipeEnd implements PipeSource {
    /**
     * Creates an end.
     *
     * @param stream which of the three, and of what: "output of cat"
     */
    protected PipeSourceEnd(String stream) {
        super(stream, "read");
    }

    @Override
    public final int read(Io io, ByteBuffer target) throws IOException {
        return (int) transfer(io, target);
    }

    @Override
    public final long read(Io io, ByteBuffer... targets) throws IOException {
        return transfer(io, targets);
    }

    @Override
    public final void setReadTimeout(Timeout timeout) {
        setTimeout(timeout);
    }
}
