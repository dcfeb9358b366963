package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection, or what becomes one. */
final class NioSocket extends NioNetDescriptor {
    private final SocketChannel channel;

    NioSocket(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    SelectableChannel channel() {
        return channel;
    }

    @Override
    NetworkChannel network() {
        return channel;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        try {
            return named(channel.getRemoteAddress());
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    boolean connect(SocketAddress address) throws Failure {
        try {
            return channel.connect(address);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    boolean isConnecting() {
        return channel.isConnectionPending();
    }

    @Override
    boolean finishConnect() throws Failure {
        try {
            return channel.finishConnect();
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        return NioBuffers.receive(channel, buffers);
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        return NioBuffers.send(channel, buffers);
    }

    @Override
    public void shutdown(boolean input, boolean output) throws Failure {
        try {
            if (input) {
                channel.shutdownInput();
            }
            if (output) {
                channel.shutdownOutput();
            }
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }
}
