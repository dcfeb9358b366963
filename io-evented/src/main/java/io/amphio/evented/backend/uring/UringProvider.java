package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.fd.FdProvider;
import io.amphio.evented.ffi.UringRefusal;
import org.jspecify.annotations.Nullable;

/** Opens io_urings, where the kernel gives them to us. */
public final class UringProvider extends FdProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "uring";

    /** Creates a provider; all of them are alike. */
    public UringProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String refusal() {
        String withoutNatives = super.refusal();
        return withoutNatives != null ? withoutNatives : UringSupport.refusal();
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        try {
            return UringBackend.open(RingOptions.ofSystem(), sink, UringSupport.requests());
        } catch (UringRefusal e) {
            throw UringErrors.failure(e);
        }
    }
}
