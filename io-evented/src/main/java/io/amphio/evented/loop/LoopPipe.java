package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.PipeEnds;
import java.io.IOException;

/**
 * A pipe: what is sent to the sink is received from the source. Each end is closed by itself.
 *
 * @param source to receive from
 * @param sink to send to
 */
public record LoopPipe(LoopPipeEnd source, LoopPipeEnd sink) implements AutoCloseable {
    /**
     * Opens a pipe.
     *
     * @param loop the loop, or one of those with the same backend, that will work on it
     * @return both ends
     * @throws IOException if the system refuses
     */
    public static LoopPipe open(EventLoop loop) throws IOException {
        BackendProvider provider = loop.provider();
        try {
            PipeEnds ends = provider.openPipe();
            return new LoopPipe(
                    new LoopPipeEnd(provider, ends.source(), true), new LoopPipeEnd(provider, ends.sink(), false));
        } catch (Failure e) {
            throw OperationException.of("open", "a pipe", e);
        }
    }

    /** Closes both ends. */
    @Override
    public void close() {
        source.close();
        sink.close();
    }
}
