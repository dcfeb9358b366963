package io.amphio.benchmarks;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;

/**
 * Ours: a TCP server for a load driver in another process, as {@code --mode echo|sink|source|idle --port P --io evented|blocking
 * --loops N --backend NAME}. Prints {@code ready port=N}; runs until it is told to stop.
 */
public final class TcpServer {
    /** How much is read or written at once; the peers do the same. */
    public static final int CHUNK_BYTES = 64 << 10;

    private static final TaskOptions SPREAD = TaskOptions.DEFAULT.withPlacement(Placement.SPREAD);

    private TcpServer() {}

    /** What is done with a connection. */
    @FunctionalInterface
    private interface Mode {
        void serve(Io io, Stream stream) throws IOException;
    }

    /** Serves. */
    public static void main(String[] args) throws IOException {
        Arguments arguments = Arguments.of(args);
        Mode mode = mode(arguments.get("mode", "echo"));
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", arguments.getInt("port", 0));
        try (IoRuntime runtime = Cases.open(arguments)) {
            runtime.<IOException>run(io -> accept(io, address, mode));
        }
    }

    private static Mode mode(String name) {
        return switch (name) {
            case "echo" -> TcpServer::echo;
            case "sink" -> TcpServer::sink;
            case "source" -> TcpServer::source;
            case "idle" -> (io, stream) -> new Reader(stream).transferTo(io, stream);
            default -> throw new IllegalArgumentException("no mode " + name + "; there are echo, sink, source, idle");
        };
    }

    private static void accept(Io io, InetSocketAddress address, Mode mode) throws IOException {
        try (Server server = io.net().listen(address);
                Group connections = new Group()) {
            System.out.println("ready port=" + server.localAddress().getPort());
            System.out.flush();
            while (true) {
                Stream stream = server.accept(io);
                if (connections
                        .concurrent(io, SPREAD, () -> serve(io, stream, mode))
                        .isLeft()) {
                    stream.close();
                }
            }
        }
    }

    private static void serve(Io io, Stream stream, Mode mode) {
        try (stream) {
            stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            mode.serve(io, stream);
        } catch (IOException gone) {
            // a driver that has measured enough
        }
    }

    private static void echo(Io io, Stream stream) throws IOException {
        ByteBuffer buffer = io.buffers().take(CHUNK_BYTES);
        try {
            while (stream.read(io, buffer) >= 0) {
                stream.writeAll(io, buffer.flip());
                buffer.clear();
            }
        } finally {
            io.buffers().give(buffer);
        }
    }

    private static void sink(Io io, Stream stream) throws IOException {
        ByteBuffer buffer = io.buffers().take(CHUNK_BYTES);
        try {
            while (stream.read(io, buffer) >= 0) {
                buffer.clear();
            }
        } finally {
            io.buffers().give(buffer);
        }
    }

    private static void source(Io io, Stream stream) throws IOException {
        ByteBuffer buffer = io.buffers().take(CHUNK_BYTES);
        try {
            while (true) {
                stream.writeAll(io, buffer.clear());
            }
        } finally {
            io.buffers().give(buffer);
        }
    }
}
