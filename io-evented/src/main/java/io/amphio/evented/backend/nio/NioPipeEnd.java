package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;

/** One end of a pipe. */
final class NioPipeEnd extends NioDescriptor {
    private final SelectableChannel channel;

    NioPipeEnd(Pipe.SourceChannel source) {
        this.channel = source;
    }

    NioPipeEnd(Pipe.SinkChannel sink) {
        this.channel = sink;
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        return channel instanceof Pipe.SourceChannel source
                ? NioBuffers.receive(source, buffers)
                : super.tryReceive(buffers);
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        return channel instanceof Pipe.SinkChannel sink ? NioBuffers.send(sink, buffers) : super.trySend(buffers);
    }

    @Override
    public String toString() {
        return channel instanceof Pipe.SourceChannel ? "the source of a pipe" : "the sink of a pipe";
    }
}
