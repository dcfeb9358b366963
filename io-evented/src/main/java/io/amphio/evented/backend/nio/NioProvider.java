package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.BackendProvider;
import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.backend.SocketType;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Opens NIO selectors and channels. */
public final class NioProvider implements BackendProvider {
    /** Its name, and that of its backends. */
    public static final String NAME = "nio";

    /** Creates a provider; all of them are alike. */
    public NioProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Backend open(CompletionSink sink) throws Failure {
        try {
            return new NioBackend(Selector.open(), sink);
        } catch (IOException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public Descriptor openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        try {
            SocketChannel channel = family == null ? SocketChannel.open() : SocketChannel.open(family);
            channel.configureBlocking(false);
            return new NioSocket(channel);
        } catch (IOException | UnsupportedOperationException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public Descriptor openListener(@Nullable ProtocolFamily family) throws Failure {
        try {
            ServerSocketChannel channel =
                    family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family);
            channel.configureBlocking(false);
            return new NioListener(channel);
        } catch (IOException | UnsupportedOperationException e) {
            throw NioErrors.failure(e);
        }
    }

    @Override
    public PipeEnds openPipe() {
        throw new UnsupportedOperationException("open a pipe: not on NIO yet");
    }

    @Override
    public Descriptor adopt(int number) {
        throw new UnsupportedOperationException(
                "adopt descriptor " + number + ": NIO knows no numbers; a native backend does");
    }

    @Override
    public Descriptor standard(int number) {
        throw new UnsupportedOperationException("standard stream " + number + ": not on NIO yet");
    }

    @Override
    public BlockingCalls blockingCalls() {
        throw new UnsupportedOperationException("file operations: not on NIO yet");
    }
}
