package io.amphio.evented.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Connections for tests, and operations that the test thread waits for. The loops run elsewhere. */
final class Tcp {
    private Tcp() {}

    record Pair(LoopSocket client, LoopSocket server) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static LoopListener listen(EventLoop loop) throws IOException {
        LoopListener listener = LoopListener.open(loop, null);
        listener.bind(loopback(0), 0);
        return listener;
    }

    static InetSocketAddress addressOf(LoopNetHandle handle) throws IOException {
        return (InetSocketAddress) Objects.requireNonNull(handle.localAddress());
    }

    static Pair pair(EventLoop loop) throws IOException {
        try (LoopListener listener = listen(loop)) {
            LoopSocket client = LoopSocket.open(loop, null);
            var accepted = new CompletableFuture<Accept>();
            loop.submit(new Accept(listener, accepted::complete));
            connect(loop, client, addressOf(listener)).check();
            return new Pair(client, accepted.join().socket());
        }
    }

    static Connect connect(EventLoop loop, LoopSocket socket, InetSocketAddress address) {
        var done = new CompletableFuture<Connect>();
        loop.submit(new Connect(socket, address, done::complete));
        return done.join();
    }

    static Accept accept(EventLoop loop, LoopListener listener) {
        var done = new CompletableFuture<Accept>();
        loop.submit(new Accept(listener, done::complete));
        return done.join();
    }

    static Receive receive(EventLoop loop, LoopSocket socket, ByteBuffer... buffers) {
        var done = new CompletableFuture<Receive>();
        loop.submit(new Receive(socket, done::complete, buffers));
        return done.join();
    }

    static Send send(EventLoop loop, LoopSocket socket, ByteBuffer... buffers) {
        var done = new CompletableFuture<Send>();
        loop.submit(new Send(socket, done::complete, buffers));
        return done.join();
    }

    static void close(EventLoop loop, LoopHandle handle) {
        var done = new CompletableFuture<Close>();
        loop.submit(new Close(handle, done::complete));
        done.join();
    }

    /** Sends until the kernel takes no more. */
    static void fill(LoopSocket socket) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 16);
        while (socket.trySend(chunk.clear()) != LoopSocket.WOULD_BLOCK) {
            // until it would block
        }
    }
}
