package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Limit;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketPair;
import io.amphio.evented.backend.SocketType;
import io.amphio.spi.files.DirCalls;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.util.Set;
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
        ProtocolFamily known = family != null ? family : StandardProtocolFamily.INET;
        return handOver(type == SocketType.STREAM ? new SimSocket(kernel) : new SimDatagramSocket(kernel, known));
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
    public PipeEnds openPipe() throws Failure {
        return SimPipeEnd.open(kernel);
    }

    @Override
    public SocketPair openPair() throws Failure {
        SimSocket first = new SimSocket(kernel);
        handOver(first);
        try {
            return new SocketPair(first, handOver(first.pairedWith()));
        } catch (Failure noDescriptor) {
            first.close();
            throw noDescriptor;
        }
    }

    @Override
    public Descriptor adopt(int number) {
        throw Limit.FOREIGN_DESCRIPTORS.on(NAME); // what it does could not be had again
    }

    @Override
    public Set<Limit> limits() {
        return Set.of(Limit.FOREIGN_DESCRIPTORS);
    }

    @Override
    public Descriptor standard(int number) {
        throw new UnsupportedOperationException(
                "standard input and output in a simulation: what they do could not be had again");
    }

    @Override
    public DirCalls<Descriptor> openDirectory(Path path, boolean confined) throws IOException {
        return SimDir.open(kernel, path.toString(), confined);
    }

    @Override
    public BlockingCalls blockingCalls() {
        throw new AssertionError("the backend performs every operation itself");
    }
}
