package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Limit;
import io.amphio.net.AbstractUnixAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;

/** A channel with addresses and options. */
abstract class NioNetDescriptor extends NioDescriptor {
    abstract NetworkChannel network();

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        requirePath(address);
        try {
            network().bind(address);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public final @Nullable SocketAddress localAddress() throws Failure {
        try {
            return named(network().getLocalAddress());
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    /** NIO shows a Unix socket without a name as one with an empty name. */
    static @Nullable SocketAddress named(@Nullable SocketAddress address) {
        boolean nameless = address instanceof UnixDomainSocketAddress unix
                && unix.getPath().toString().isEmpty();
        return nameless ? null : address;
    }

    /** The JDK has no other Unix addresses. */
    static void requirePath(SocketAddress address) {
        if (address instanceof AbstractUnixAddress) {
            throw Limit.ABSTRACT_ADDRESSES.on(NioProvider.NAME);
        }
    }

    /** Begins to connect; returns whether it has connected at once. */
    boolean connect(SocketAddress address) throws Failure {
        throw new AssertionError("connect " + this);
    }

    /** Whether a connect has begun and not ended. */
    boolean isConnecting() {
        return false;
    }

    /** Returns whether it has connected by now. NIO closes the channel where that failed. */
    boolean finishConnect() throws Failure {
        throw new AssertionError("connect " + this);
    }

    @Override
    public final <T> void setOption(SocketOption<T> option, T value) throws Failure {
        try {
            network().setOption(option, value);
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public final <T> @Nullable T getOption(SocketOption<T> option) throws Failure {
        try {
            return network().getOption(option);
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }
}
