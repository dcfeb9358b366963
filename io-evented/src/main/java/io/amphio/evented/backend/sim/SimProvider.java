package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketType;
import java.net.ProtocolFamily;
import org.jspecify.annotations.Nullable;

/** Opens backends and descriptors of one simulated kernel. Not in the list of backends: who simulates makes one. */
public final class SimProvider implements BackendProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "sim";

    private final SimKernel kernel;

    /**
     * Creates a provider.
     *
     * @param kernel where everything is opened
     */
    public SimProvider(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Backend open(CompletionSink sink) {
        return new SimBackend(kernel, sink);
    }

    @Override
    public Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        if (type != SocketType.STREAM) {
            throw new UnsupportedOperationException("datagrams in a simulation; a real backend has them");
        }
        return handOver(new SimSocket(kernel));
    }

    @Override
    public Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        return handOver(new SimListener(kernel));
    }

    private Descriptor handOver(SimDescriptor opened) throws Failure {
        kernel.requireDescriptor();
        opened.handOver();
        return opened;
    }

    @Override
    public PipeEnds openPipe() {
        throw new UnsupportedOperationException("a pipe in a simulation; a real backend has them");
    }

    @Override
    public Descriptor adopt(int number) {
        throw new UnsupportedOperationException(
                "a descriptor of the system's in a simulation: what it does could not be had again");
    }

    @Override
    public Descriptor standard(int number) {
        throw new UnsupportedOperationException(
                "standard input and output in a simulation: what they do could not be had again");
    }

    @Override
    public BlockingCalls blockingCalls() {
        throw new UnsupportedOperationException("files in a simulation; a real backend has them");
    }
}
