package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Two ends of a connection: one of the first runtime, one of the other. */
record Connection(Stream client, Stream server) implements AutoCloseable {
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    static Connection open(Io io, Io other) throws IOException {
        try (Server server = io.net().listen(ANY_PORT)) {
            Stream client = other.net().connect(other, server.localAddress());
            return new Connection(client, server.accept(io));
        }
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads once; "end" at the end. */
    static String read(Io io, Stream stream) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = stream.read(io, target);
        return count < 0 ? "end" : new String(target.array(), 0, count, StandardCharsets.US_ASCII);
    }

    static ByteBuffer readFully(Io io, Stream stream, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (stream.read(io, target) < 0) {
                throw new EOFException("after " + target.position() + " of " + target.limit());
            }
        }
        return target.flip();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
