package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One end of a {@link LoopPipe}: its source, to receive from, or its sink, to send to. */
public final class LoopPipeEnd extends LoopHandle {
    private final boolean source;

    LoopPipeEnd(BackendProvider provider, Descriptor descriptor, boolean source) {
        super(provider, descriptor, new Inside.Directions());
        this.source = source;
    }

    /**
     * Receives what is there, without waiting and without a loop.
     *
     * @param buffers filled in order; their positions move
     * @return how many bytes, {@link LoopSocket#END_OF_STREAM} or {@link LoopSocket#WOULD_BLOCK}
     * @throws IOException if the handle is closed
     * @throws IllegalStateException if a receive is in flight
     * @throws IllegalArgumentException if it is the sink
     */
    public long tryReceive(ByteBuffer... buffers) throws IOException {
        return checkIs(true).tryReceiving(buffers);
    }

    /**
     * Sends what the pipe takes, without waiting and without a loop.
     *
     * @param buffers emptied in order; their positions move
     * @return how many bytes, or {@link LoopSocket#WOULD_BLOCK}
     * @throws IOException if the source or this is closed
     * @throws IllegalStateException if a send is in flight
     * @throws IllegalArgumentException if it is the source
     */
    public long trySend(ByteBuffer... buffers) throws IOException {
        return checkIs(false).trySending(buffers);
    }

    /**
     * Returns a name by which this process can open this end once more, to hand it to another; the mode of that is its own. It holds
     * as long as this is open.
     *
     * @return its name, or null where the backend has none
     */
    public @Nullable Path reopening() {
        return provider().reopening(descriptor());
    }

    LoopPipeEnd checkIs(boolean wanted) {
        if (source != wanted) {
            throw new IllegalArgumentException(
                    wanted ? "receive from the sink of a pipe" : "send to the source of a pipe");
        }
        return this;
    }

    @Override
    String target() {
        return source ? "a pipe's source" : "a pipe's sink";
    }
}
