package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Where connections arrive. */
final class NioListener extends NioNetDescriptor {
    private final ServerSocketChannel channel;

    NioListener(ServerSocketChannel channel) {
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
    public void bind(SocketAddress address, int backlog) throws Failure {
        requirePath(address);
        try {
            channel.bind(address, backlog);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public @Nullable NioSocket tryAccept() throws Failure {
        try {
            SocketChannel connection = channel.accept();
            return connection == null ? null : nonBlocking(connection);
        } catch (IOException | RuntimeException e) {
            throw NioErrors.failure(e);
        }
    }

    private static NioSocket nonBlocking(SocketChannel connection) throws IOException {
        try {
            connection.configureBlocking(false);
            return new NioSocket(connection);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }
}
