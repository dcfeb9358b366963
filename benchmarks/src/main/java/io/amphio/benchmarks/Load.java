package io.amphio.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A load on a TCP server in another process: so many connections, from one thread with a JDK selector, the same for all servers.
 *
 * <p>For an echo server each connection sends a block, waits until all of it is back, and sends the next; a block of several
 * messages is what a client sends that pipelines. For a sink it only sends, and for a source it only receives.
 *
 * @param mode what the server does: {@code echo}, {@code sink} or {@code source}
 * @param connections how many
 * @param messageBytes how large a message is
 * @param depth how many messages make a block
 */
public record Load(String mode, int connections, int messageBytes, int depth) {
    private static final long FIRST_NANOS = 20_000_000_000L; // for a server that is slow to begin
    private static final int BUCKETS = 200_000; // of a microsecond
    private static final int CHUNK_BYTES = 256 << 10;

    /**
     * What was measured.
     *
     * @param messages how many in all; for a sink or a source, how many bytes
     * @param seconds how long it took
     * @param cpuSeconds what the server's process has used meanwhile, in user and kernel mode
     * @param p50Micros the median time from a block being sent to all of it being back
     * @param p99Micros the same for all but one in a hundred
     */
    public record Result(long messages, double seconds, double cpuSeconds, int p50Micros, int p99Micros) {
        double perSecond() {
            return messages / seconds;
        }

        double cpuMicrosPerMessage() {
            return cpuSeconds * 1e6 / messages;
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer out;
        private final ByteBuffer in;
        private long sentAt;

        Connection(SocketChannel channel, int bytes) {
            this.channel = channel;
            out = ByteBuffer.allocateDirect(bytes);
            in = ByteBuffer.allocateDirect(bytes);
            for (int i = 0; i < bytes; i++) {
                out.put(i, (byte) (i * 31));
            }
        }
    }

    private final class Run {
        private final int[] micros = new int[BUCKETS];
        private long messages;

        /** Sends what is left of the block; a block that does not fit goes on when the socket can be written. */
        void send(SelectionKey key, Connection connection) throws IOException {
            connection.channel.write(connection.out);
            int wanted =
                    connection.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        }

        void echo(SelectionKey key, Connection connection) throws IOException {
            if (key.isWritable()) {
                send(key, connection);
            }
            if (!key.isReadable()) {
                return;
            }
            if (connection.channel.read(connection.in) < 0) {
                throw new IOException("the server has closed a connection");
            }
            if (!connection.in.hasRemaining()) {
                long now = System.nanoTime();
                micros[(int) Math.min(BUCKETS - 1, (now - connection.sentAt) / 1000)]++;
                messages += depth;
                check(connection);
                connection.sentAt = now;
                connection.in.clear();
                connection.out.clear();
                send(key, connection);
            }
        }

        /** Some bytes of each block: an answer that is wrong is no answer. */
        private void check(Connection connection) {
            int at = (int) (messages % connection.in.capacity());
            if (connection.in.get(at) != connection.out.get(at)) {
                throw new AssertionError("the echo is another than what was sent");
            }
        }

        void bulk(Connection connection) throws IOException {
            int count = mode.equals("sink")
                    ? connection.channel.write(connection.out.clear())
                    : connection.channel.read(connection.in.clear());
            if (count < 0) {
                throw new IOException("the server has closed a connection");
            }
            messages += count;
        }

        void until(Selector selector, long deadline) throws IOException {
            boolean echoes = mode.equals("echo");
            while (System.nanoTime() < deadline || (messages == 0 && System.nanoTime() < deadline + FIRST_NANOS)) {
                selector.select(
                        key -> {
                            try {
                                Connection connection = (Connection) key.attachment();
                                if (echoes) {
                                    echo(key, connection);
                                } else {
                                    bulk(connection);
                                }
                            } catch (IOException failed) {
                                throw new java.io.UncheckedIOException(failed);
                            }
                        },
                        100);
            }
        }

        int percentile(double share) {
            long all = 0;
            for (int count : micros) {
                all += count;
            }
            long seen = 0;
            for (int i = 0; i < BUCKETS; i++) {
                seen += micros[i];
                if (seen >= all * share) {
                    return i;
                }
            }
            return BUCKETS;
        }
    }

    /**
     * Warms the server up, then measures.
     *
     * @param pid the server's process
     */
    public Result run(int port, long pid, Duration warmUpTime, Duration time) throws IOException {
        List<SocketChannel> channels = new ArrayList<>(connections);
        try (Selector selector = Selector.open()) {
            Run warmUp = new Run();
            for (int i = 0; i < connections; i++) {
                channels.add(connect(selector, port, warmUp));
            }
            warmUp.until(selector, System.nanoTime() + warmUpTime.toNanos());
            Run run = new Run();
            double cpu = Processes.cpuSeconds(pid);
            long start = System.nanoTime();
            run.until(selector, start + time.toNanos());
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(
                    run.messages, seconds, Processes.cpuSeconds(pid) - cpu, run.percentile(0.5), run.percentile(0.99));
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private SocketChannel connect(Selector selector, int port, Run run) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // closed by a reset, which leaves no port in TIME_WAIT
        channel.configureBlocking(false);
        boolean echoes = mode.equals("echo");
        Connection connection = new Connection(channel, echoes ? messageBytes * depth : CHUNK_BYTES);
        SelectionKey key = channel.register(
                selector, mode.equals("sink") ? SelectionKey.OP_WRITE : SelectionKey.OP_READ, connection);
        if (echoes) {
            connection.sentAt = System.nanoTime();
            run.send(key, connection);
        }
        return channel;
    }
}
