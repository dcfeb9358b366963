package io.amphio.evented.backend.epoll;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.ReadinessBackend;
import io.amphio.evented.backend.fd.Sockets;
import io.amphio.evented.ffi.NativeAccess;
import java.net.ProtocolFamily;
import org.jspecify.annotations.Nullable;

/** Opens epoll instances. */
public final class EpollProvider implements BackendProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "epoll";

    /** Creates a provider; all of them are alike. */
    public EpollProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String refusal() {
        return NativeAccess.refusal();
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        return new ReadinessBackend(NAME, EpollPoller.open(), sink);
    }

    @Override
    public Descriptor openSocket(@Nullable ProtocolFamily family) throws Failure {
        return Sockets.openSocket(family);
    }

    @Override
    public Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        return Sockets.openListener(family);
    }
}
