package io.amphio.evented.backend.kqueue;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.FdProvider;
import io.amphio.evented.backend.fd.ReadinessBackend;
import io.amphio.evented.ffi.KqueueLibC;
import org.jspecify.annotations.Nullable;

/** Opens kqueues. */
public final class KqueueProvider extends FdProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "kqueue";

    /** Creates a provider; all of them are alike. */
    public KqueueProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String refusal() {
        return KqueueLibC.refusal();
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        return new ReadinessBackend(NAME, KqueuePoller.open(), sink);
    }
}
