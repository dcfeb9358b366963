package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A channel, and with which backends it is registered.
 *
 * <p>A key stays registered, with no interest, between two waits: registering anew costs more, and after a cancel it is
 * refused until that selector has selected. The price is paid at the end: a closed channel keeps its socket open until
 * every selector that has a key of it selects once more, and a selector that waits is not woken by the close. So
 * {@link #close} wakes each of them.
 *
 * <p>There is at most one registration for each backend, added by that backend's thread alone; other threads' additions
 * are why the array is replaced by compare-and-set.
 */
abstract class NioDescriptor implements Descriptor {
    private static final NioRegistration[] NONE = {};

    private final AtomicReference<NioRegistration[]> registrations = new AtomicReference<>(NONE);

    abstract SelectableChannel channel();

    /** Returns the registration with this backend, if it has one. Called on the backend's thread. */
    @Nullable
    NioRegistration registrationWith(NioBackend backend) {
        for (NioRegistration registration : registrations.get()) {
            if (registration.isWith(backend)) {
                return registration;
            }
        }
        return null;
    }

    void add(NioRegistration registration) {
        registrations.updateAndGet(before -> {
            NioRegistration[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = registration;
            return after;
        });
    }

    @Override
    public final void close() throws Failure {
        try {
            channel().close();
        } catch (IOException e) {
            throw NioErrors.failure(e);
        } finally {
            for (NioRegistration registration : registrations.getAndSet(NONE)) {
                registration.closed();
            }
        }
    }
}
