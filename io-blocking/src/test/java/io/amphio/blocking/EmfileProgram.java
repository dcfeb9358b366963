package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Run by {@link EmfileTest} with few descriptors: an accept loop that runs out of them, and goes on once there are some. */
final class EmfileProgram {
    private static final int ROUNDS = 4;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private EmfileProgram() {}

    public static void main(String[] args) throws Exception {
        Tests.On on = Tests.On.valueOf(args[0]);
        loadAllClasses(); // each takes a descriptor for a moment, and there will be none
        try (IoRuntime runtime = BlockingIo.open()) {
            Io io = runtime.io();
            Server server = io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Tests.Running<Object> serves = on.start(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    try (Stream accepted = server.accept(io)) {
                        accepted.write(io, ByteBuffer.wrap(new byte[] {(byte) i}));
                    }
                }
                return "served";
            });
            for (int round = 0; round < ROUNDS; round++) {
                oneRound(io, server, serves, round);
            }
            serves.get();
        }
        System.out.println("served them all");
    }

    /** The first round has descriptors enough, as the thread that accepts opens its selector there. */
    private static void oneRound(Io io, Server server, Tests.Running<Object> serves, int round) throws Exception {
        Deque<FileInputStream> hoard = new ArrayDeque<>();
        if (round > 0) {
            hoardAllDescriptors(hoard);
            hoard.pop().close(); // one for the client
        }
        try (SocketChannel client = SocketChannel.open(server.localAddress())) {
            long before = cpuNanos(serves.thread());
            io.sleep(Duration.ofMillis(300)); // the time in which it must not give up, and not spin
            if (round > 0 && serves.result().isDone()) {
                serves.get(); // says why
                check(false, "the accept loop had descriptors");
            }
            long spent = cpuNanos(serves.thread()) - before;
            check(spent < 150_000_000, "the accept loop took " + spent / 1_000_000 + " ms of CPU time");
            for (FileInputStream file : hoard) {
                file.close();
            }
            ByteBuffer answer = ByteBuffer.allocate(1);
            check(client.read(answer) == 1 && answer.get(0) == round, "no answer in round " + round);
            check(
                    client.read(answer.clear()) < 0,
                    "no end"); // its descriptor is free before the next round counts them
        }
    }

    private static long cpuNanos(Thread thread) {
        return thread.isVirtual() ? 0 : THREADS.getThreadCpuTime(thread.threadId());
    }

    private static void hoardAllDescriptors(Deque<FileInputStream> hoard) {
        try {
            while (true) {
                hoard.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException tooManyOpenFiles) {
            check(hoard.size() > 10, "no descriptors to begin with: " + tooManyOpenFiles);
        }
    }

    private static void loadAllClasses() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path root = Path.of(entry);
            if (Files.isDirectory(root.resolve("io/amphio"))) {
                try (var files = Files.walk(root.resolve("io/amphio"))) {
                    List<Path> classes = files.filter(file -> file.toString().endsWith(".class"))
                            .toList();
                    classes.forEach(file -> load(root.relativize(file).toString()));
                }
            }
        }
    }

    private static void load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace(File.separatorChar, '.');
        try {
            Class.forName(name, false, EmfileProgram.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError needsMore) { // a test that needs JUnit, say
            return;
        }
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
