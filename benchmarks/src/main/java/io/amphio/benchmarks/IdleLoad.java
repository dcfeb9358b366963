package io.amphio.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Connections that are used once and then wait, and what memory the server has for each. */
final class IdleLoad {
    /**
     * All of the heap is resident from the start, so what the process grows by is memory beside it, and the heap's own is
     * what is left in it after a collection.
     */
    static final String[] FIXED_HEAP = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"};

    private static final int PER_SOURCE = 20_000; // ports that one address of ours has
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private IdleLoad() {}

    static long openFilesLimit() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                return Long.parseLong(line.replaceAll(" +", " ").split(" ", -1)[3]);
            }
        }
        throw new IOException("no limit of open files is known");
    }

    static double bytesPerConnection(Program server, int connections) throws IOException, InterruptedException {
        List<SocketChannel> channels = new ArrayList<>(connections);
        try {
            for (int i = 0; i < 100; i++) { // classes, pools, and what else the first connections bring
                channels.add(connect(server.port(), i));
            }
            long before = memoryBytes(server);
            for (int i = 0; i < connections; i++) {
                channels.add(connect(server.port(), i));
            }
            return (double) (memoryBytes(server) - before) / connections;
        } finally {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static SocketChannel connect(int port, int number) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + number / PER_SOURCE)}), 0));
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // closed by a reset, which leaves no port in TIME_WAIT
        ByteBuffer message = ByteBuffer.allocate(64);
        channel.write(message);
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                throw new IOException("the server has closed a connection");
            }
        }
        return channel;
    }

    /** Returns the live objects of a JVM and all memory beside its heap; all memory, if it is no JVM. */
    private static long memoryBytes(Program server) throws IOException, InterruptedException {
        long heap = 0;
        if (Files.readString(Path.of("/proc/" + server.pid() + "/comm")).startsWith("java")) {
            String histogram = Program.run(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(server.pid()),
                            "GC.class_histogram"), // collects first
                    Commands.MODULE,
                    60);
            Matcher total = TOTAL.matcher(histogram);
            if (!total.find()) {
                throw new IOException("no total: " + histogram);
            }
            heap = Long.parseLong(total.group(1));
        }
        return heap + Processes.residentBytes(server.pid());
    }
}
