package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.PipeEnds;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One end of a pipe. What is sent takes its time, as through a socket, and comes in order. */
final class SimPipeEnd extends SimDescriptor {
    private final SimPipe pipe;
    private final boolean isSource;
    private @Nullable SimPipeEnd other;

    private SimPipeEnd(SimKernel kernel, SimPipe pipe, boolean isSource) {
        super(kernel);
        this.pipe = pipe;
        this.isSource = isSource;
    }

    static PipeEnds open(SimKernel kernel) throws Failure {
        kernel.requireDescriptor();
        SimPipe pipe = new SimPipe(kernel);
        SimPipeEnd source = new SimPipeEnd(kernel, pipe, true);
        SimPipeEnd sink = new SimPipeEnd(kernel, pipe, false);
        source.other = sink;
        sink.other = source;
        source.handOver();
        sink.handOver();
        return new PipeEnds(source, sink);
    }

    private boolean otherIsClosed() {
        return other == null || other.isClosed();
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        requireOpen();
        if (remaining(buffers) == 0) {
            return 0;
        }
        if (pipe.hasArrived()) {
            long count = pipe.receive(buffers, kernel.world().mostToReceive());
            kernel.changed(); // the other end has space to send
            return count;
        }
        return pipe.hasEnded() ? END_OF_STREAM : WOULD_BLOCK;
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        requireOpen();
        if (otherIsClosed()) {
            throw new Failure("broken pipe", "EPIPE", null);
        }
        if (remaining(buffers) == 0) {
            return 0;
        }
        long space = pipe.space();
        if (space == 0) {
            return WOULD_BLOCK;
        }
        return pipe.send(buffers, Math.min(space, kernel.world().mostToSend()), () -> {}, () -> {});
    }

    @Override
    boolean isReady(Operation operation) {
        if (isClosed() || (operation.buffers().length > 0 && remaining(operation.buffers()) == 0)) {
            return true;
        }
        return isSource ? pipe.hasArrived() || pipe.hasEnded() : otherIsClosed() || pipe.space() > 0;
    }

    @Override
    boolean isWritableNow() {
        return isClosed() || otherIsClosed() || pipe.space() > 0;
    }

    @Override
    boolean perform(Operation operation) throws Failure {
        long count = switch (operation.kind()) {
            case RECEIVE -> tryReceive(operation.buffers());
            case SEND -> trySend(operation.buffers());
            default -> 0;
        };
        if (count == WOULD_BLOCK) {
            return false;
        }
        operation.done(count);
        return true;
    }

    @Override
    void closeIt() {
        if (isSource) {
            pipe.stopReceiving();
        } else {
            pipe.sendEnd(() -> {});
        }
    }

    @Override
    public String toString() {
        return isSource ? "source of a pipe" : "sink of a pipe";
    }
}
