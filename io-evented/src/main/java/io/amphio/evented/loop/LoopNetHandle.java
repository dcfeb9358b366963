package io.amphio.evented.loop;

import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/** A handle with addresses and options. An address is an Inet or a Unix one, as the handle's family is. */
public abstract sealed class LoopNetHandle extends LoopHandle permits LoopSocket, LoopListener, LoopDatagramSocket {
    LoopNetHandle(BackendProvider provider, Descriptor descriptor) {
        super(provider, descriptor, new Inside.Directions());
    }

    /**
     * Returns the local address.
     *
     * @return the address, or null while there is none
     * @throws IOException if the handle is closed
     */
    public final @Nullable SocketAddress localAddress() throws IOException {
        try {
            return descriptor().localAddress();
        } catch (Failure e) {
            throw OperationException.of("local address of", target(), e);
        }
    }

    /** A call that enters no direction: after a close it fails, also while the descriptor is open for what is still telling. */
    final void requireOpen(String verb) throws OperationException {
        if (isClosed()) {
            throw new OperationException(verb, target(), "the handle is closed", "EBADF", null);
        }
    }

    /**
     * Sets a socket option.
     *
     * @param <T> its type
     * @param option which
     * @param value what to
     * @throws IOException if the system refuses, or the handle is closed
     * @throws UnsupportedOperationException if this kind of handle has no such option
     */
    public final <T> void setOption(SocketOption<T> option, T value) throws IOException {
        requireOpen("set " + option.name() + " of");
        try {
            descriptor().setOption(option, value);
        } catch (Failure e) {
            throw OperationException.of("set " + option.name() + " of", target(), e);
        }
    }

    /**
     * Returns a socket option.
     *
     * @param <T> its type
     * @param option which
     * @return its value
     * @throws IOException if the system refuses, or the handle is closed
     * @throws UnsupportedOperationException if this kind of handle has no such option
     */
    public final <T> @Nullable T getOption(SocketOption<T> option) throws IOException {
        requireOpen("get " + option.name() + " of");
        try {
            return descriptor().getOption(option);
        } catch (Failure e) {
            throw OperationException.of("get " + option.name() + " of", target(), e);
        }
    }

    final void bindTo(SocketAddress address, int backlog) throws OperationException {
        try {
            descriptor().bind(address, backlog);
        } catch (Failure e) {
            throw OperationException.of("bind", Addresses.format(address), e);
        }
    }

    @Override
    final String target() {
        try {
            SocketAddress remote = descriptor().remoteAddress();
            SocketAddress address = remote != null ? remote : descriptor().localAddress();
            return address == null ? "an unbound socket" : Addresses.format(address);
        } catch (Failure e) {
            return "a closed socket";
        }
    }
}
