package io.amphio.evented.backend.epoll;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.FdProvider;
import io.amphio.evented.backend.fd.ReadinessBackend;

/** Opens epoll instances. */
public final class EpollProvider extends FdProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "epoll";

    /** Creates a provider; all of them are alike. */
    public EpollProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        return new ReadinessBackend(NAME, EpollPoller.open(), sink);
    }
}
