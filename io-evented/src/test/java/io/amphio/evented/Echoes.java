package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Connections whose tasks, all on the loop of the task that opens this, send back what comes; their peers are plain sockets. */
final class Echoes implements AutoCloseable {
    static final TaskOptions SAME_LOOP = TaskOptions.DEFAULT.withPlacement(Placement.SAME_LOOP);

    private final List<Socket> peers = new ArrayList<>();
    private final List<Stream> streams = new ArrayList<>();
    private final List<Future<?>> tasks = new ArrayList<>();

    /** Called in a task. */
    Echoes(Io io, int count) throws IOException {
        try (Server server = io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            for (int i = 0; i < count; i++) {
                peers.add(new Socket(
                        InetAddress.getLoopbackAddress(), server.localAddress().getPort()));
                Stream stream = server.accept(io, Timeout.NONE);
                streams.add(stream);
                tasks.add(io.async(SAME_LOOP, () -> {
                    echo(io, stream);
                    return null;
                }));
            }
        }
    }

    private static void echo(Io io, Stream stream) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        try (stream) {
            while (stream.read(io, buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    stream.write(io, buffer);
                }
            }
        }
    }

    /** A plain thread: returns once all tasks wait for something to echo. */
    void untilAllRead(Io io) {
        while (count(io.dumpTasks(), "waits for read") < peers.size()) {
            Thread.onSpinWait();
        }
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    /** A plain thread: sends a byte to each and takes it back. */
    void roundTrip(int value) throws IOException {
        for (Socket peer : peers) {
            peer.getOutputStream().write(value);
        }
        for (Socket peer : peers) {
            assertEquals(value, peer.getInputStream().read());
        }
    }

    /** A plain thread: ends all tasks. */
    @Override
    public void close() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
        for (Future<?> task : tasks) {
            task.close();
        }
    }
}
