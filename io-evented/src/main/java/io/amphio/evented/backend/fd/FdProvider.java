package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketType;
import io.amphio.evented.ffi.NativeAccess;
import java.net.ProtocolFamily;
import org.jspecify.annotations.Nullable;

/** Opens the descriptors of all backends whose descriptors are numbers of a Unix kernel. */
public abstract class FdProvider implements BackendProvider {
    /** Creates a provider; all of them open the same descriptors. */
    protected FdProvider() {}

    @Override
    public @Nullable String refusal() {
        return NativeAccess.refusal();
    }

    @Override
    public final Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        return Sockets.openSocket(family);
    }

    @Override
    public final Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        return Sockets.openListener(family);
    }

    @Override
    public final PipeEnds openPipe() throws Failure {
        throw new UnsupportedOperationException("open a pipe: not yet");
    }

    @Override
    public final Descriptor adopt(int number) throws Failure {
        throw new UnsupportedOperationException("adopt a descriptor: not yet");
    }

    @Override
    public final Descriptor standard(int number) throws Failure {
        throw new UnsupportedOperationException("standard streams: not yet");
    }

    @Override
    public final BlockingCalls blockingCalls() {
        throw new UnsupportedOperationException("file operations: not yet");
    }
}
