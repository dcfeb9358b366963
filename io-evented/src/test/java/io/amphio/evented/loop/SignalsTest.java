package io.amphio.evented.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import io.amphio.evented.ffi.LinuxLibC;
import io.amphio.evented.ffi.NativeAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signals that interrupt the system calls of a loop's thread (EINTR), without end: nothing fails by it, no wake-up is lost, and no wait
 * ends early or late.
 */
class SignalsTest {
    private static final int SIGURG = 23;
    private static final int TGKILL = 234; // on x86-64

    /** The signal calls a function that does nothing, and system calls are not made again by themselves. */
    @BeforeAll
    static void interrupting() {
        assumeTrue(NativeAccess.refusal() == null, NativeAccess.refusal());
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the number of tgkill is that of Linux on x86-64");
        var libc = NativeLibrary.getProcess();
        libc.getFunction("signal").invokePointer(new Object[] {SIGURG, libc.getFunction("abs")});
        assertEquals(0, libc.getFunction("siginterrupt").invokeInt(new Object[] {SIGURG, 1}));
    }

    /** Sends the signal to the threads of that name, as fast as it can. */
    private static final class Storm implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong sent = new AtomicLong();
        private final Thread thread;

        Storm(String name) throws IOException {
            List<Long> targets;
            try (var tasks = Files.list(Path.of("/proc/self/task"))) {
                targets = tasks.filter(task -> name.equals(nameOf(task)))
                        .map(task -> Long.valueOf(task.getFileName().toString()))
                        .toList();
            }
            assertEquals(1, targets.size(), () -> "threads called " + name);
            long process = ProcessHandle.current().pid();
            thread = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    assertEquals(0, LinuxLibC.syscall(TGKILL, process, targets.getFirst(), SIGURG, 0, 0, 0));
                    sent.incrementAndGet();
                }
            });
        }

        private static String nameOf(Path task) {
            try {
                return Files.readString(task.resolve("comm")).strip();
            } catch (IOException e) {
                return ""; // it has ended
            }
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertTrue(sent.get() > 100, () -> sent + " signals");
        }
    }

    @Timeout(30)
    @ParameterizedTest
    @MethodSource("io.amphio.evented.loop.OnBackend#all")
    void a_storm_of_signals_is_not_noticed(String backend, @TempDir Path folder) throws Exception {
        try (var on = new OnBackend(backend)) {
            on.inLoop(() -> {}); // its thread has its name
            try (var _ = new Storm("loop on " + backend)) {
                for (int i = 0; i < 50; i++) {
                    connectAndEcho(on);
                    sleepExactly(on, Duration.ofMillis(2));
                    on.inLoop(() -> {}); // a wake-up
                }
                writeAndRead(on, folder.resolve("f"));
                sleepExactly(on, Duration.ofMillis(200)); // is not put off by each signal, either
            }
        }
    }

    private static void connectAndEcho(OnBackend on) throws IOException {
        try (var pair = Tcp.pair(on.loop)) {
            var received = new CompletableFuture<Receive>();
            var target = ByteBuffer.allocate(8);
            on.loop.submit(new Receive(pair.server(), received::complete, target));
            on.inLoop(() -> {});
            assertFalse(received.isDone());
            assertEquals(
                    5,
                    Tcp.send(on.loop, pair.client(), ByteBuffer.wrap("hello".getBytes(UTF_8)))
                            .bytes());
            assertEquals(5, OnBackend.get(received).bytes());
            assertEquals('o', target.get(4));
        }
    }

    private static void sleepExactly(OnBackend on, Duration howLong) {
        long before = System.nanoTime();
        var rang = new CompletableFuture<Long>();
        on.inLoop(() -> new LoopTimer(on.loop, () -> rang.complete(System.nanoTime())).set(howLong));
        long slept = OnBackend.get(rang) - before;
        assertTrue(slept >= howLong.toNanos(), () -> "slept " + slept + " ns");
    }

    private static void writeAndRead(OnBackend on, Path path) throws IOException {
        var options = FileOptions.readingAndWriting().create();
        try (var file = on.<OpenFile>run(done -> new OpenFile(FileName.of(path.toString()), options, done))
                .file()) {
            for (int i = 0; i < 50; i++) {
                long at = i;
                on.<WriteFile>run(done -> new WriteFile(file, at, done, ByteBuffer.wrap(new byte[] {7})))
                        .check();
                var one = ByteBuffer.allocate(1);
                on.<ReadFile>run(done -> new ReadFile(file, at, done, one)).check();
                assertEquals(7, one.get(0));
            }
        }
    }
}
