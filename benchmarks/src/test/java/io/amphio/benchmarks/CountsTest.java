package io.amphio.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.amphio.AutoCancel;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Timeout;
import io.amphio.evented.EventedIo;
import io.amphio.evented.EventedOptions;
import io.amphio.evented.LoopMetrics;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Channel;
import io.amphio.sync.Mutex;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What an operation allocates and whom it wakes: numbers that do not depend on the machine's mood, as long as the compiler does
 * not remove allocations when it happens to have the time. The module's tests run without escape analysis, so these are upper
 * bounds of what a compiled program does.
 */
class CountsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // What is seen today, in bytes: to be lowered, never raised without a reason.
    private static final double CHANNEL_BYTES = 0;
    private static final double MUTEX_BYTES = 0;
    private static final double TIMER_BYTES = 200; // the scope, its timer, the deadline
    private static final double ROUND_TRIP_BYTES = 2_850; // two reads that wait and two writes: mostly the waits

    private static final int WARM_UP = 20_000; // pools and queues have grown by then
    private static final int COUNT = 50_000;

    /** What is done so many times in a row. */
    private interface Operations {
        void run(int times) throws Exception;
    }

    /** Of bytes for an operation: a change of less than an object is none. */
    private static void assertAllocates(double most, double actual) {
        assertTrue(actual < most + 4, () -> actual + " bytes for each operation, and not " + most + " at most");
    }

    private static IoRuntime oneLoop() {
        return EventedIo.open(EventedOptions.DEFAULT.withLoops(1).withStuckAfter(Duration.ZERO));
    }

    /** Runs in a task; all that its loop's thread allocates counts. */
    private static double bytesEach(Operations operations) throws Exception {
        operations.run(WARM_UP);
        long loop = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("amphio-loop-0"))
                .findFirst()
                .orElseThrow()
                .threadId();
        long before = THREADS.getThreadAllocatedBytes(loop);
        operations.run(COUNT);
        return (double) (THREADS.getThreadAllocatedBytes(loop) - before) / COUNT;
    }

    @Test
    void a_channel_with_room_allocates_nothing() throws Exception {
        try (IoRuntime runtime = oneLoop()) {
            runtime.<Exception>run(io -> {
                Channel<Integer> channel = new Channel<>(1);
                assertAllocates(CHANNEL_BYTES, bytesEach(times -> {
                    for (int i = 0; i < times; i++) {
                        channel.send(io, 1);
                        channel.receive(io);
                    }
                }));
            });
        }
    }

    @Test
    void a_free_mutex_allocates_nothing() throws Exception {
        try (IoRuntime runtime = oneLoop()) {
            runtime.<Exception>run(io -> {
                Mutex mutex = new Mutex();
                assertAllocates(MUTEX_BYTES, bytesEach(times -> {
                    for (int i = 0; i < times; i++) {
                        mutex.lock(io);
                        mutex.unlock();
                    }
                }));
            });
        }
    }

    @Test
    void a_deadline_that_does_not_fire_allocates_little() throws Exception {
        try (IoRuntime runtime = oneLoop()) {
            runtime.<Exception>run(io -> {
                Timeout limit = Timeout.after(Duration.ofSeconds(30));
                AutoCancel deadline = new AutoCancel();
                assertAllocates(TIMER_BYTES, bytesEach(times -> {
                    for (int i = 0; i < times; i++) {
                        deadline.set(io, limit);
                        deadline.clear();
                    }
                }));
            });
        }
    }

    @Test
    void a_round_trip_over_a_connection_allocates_little() throws Exception {
        try (IoRuntime runtime = oneLoop()) {
            runtime.<Exception>run(io -> {
                try (Server server = io.net().listen(new InetSocketAddress("127.0.0.1", 0));
                        Stream client = io.net().connect(io, server.localAddress());
                        Stream accepted = server.accept(io)) {
                    Future<?> echo = start(io, () -> echo(io, accepted));
                    ByteBuffer message = io.buffers().take(64);
                    assertAllocates(
                            ROUND_TRIP_BYTES,
                            bytesEach(times -> {
                                        for (int i = 0; i < times / 10; i++) { // of a tenth, as it takes longer
                                            client.writeAll(io, message.clear());
                                            for (message.clear(); message.hasRemaining(); ) {
                                                client.read(io, message);
                                            }
                                        }
                                    })
                                    * 10);
                    client.shutdownOutput();
                    echo.await(io);
                }
            });
        }
    }

    private static void echo(Io io, Stream stream) throws Exception {
        ByteBuffer buffer = io.buffers().take(64);
        while (stream.read(io, buffer.clear()) >= 0) {
            stream.writeAll(io, buffer.flip());
        }
    }

    private static Future<?> start(Io io, io.vavr.CheckedRunnable body) {
        return io.concurrent(body).getOrElseThrow(ConcurrencyUnavailable::asException);
    }

    @Test
    void tasks_on_one_loop_wake_each_other_without_a_system_call() throws Exception {
        try (IoRuntime runtime = oneLoop()) {
            runtime.<Exception>run(io -> {
                ChannelCases.pingPong(io, 1, 1_000);
                LoopMetrics before = EventedIo.metrics(runtime).getFirst();
                ChannelCases.pingPong(io, 1, COUNT);
                LoopMetrics after = EventedIo.metrics(runtime).getFirst();
                assertTrue(
                        after.wakeUps() - before.wakeUps() <= 2, // the JVM's own threads may end a sleep once
                        () -> after.wakeUps() - before.wakeUps() + " wake-ups");
            });
        }
    }

    @Test
    void a_thread_wakes_a_loop_at_most_once_for_a_message() throws Exception {
        int trips = 2_000;
        try (IoRuntime runtime = oneLoop()) {
            runtime.<Exception>run(io -> {
                ChannelCases.wakeFromThread(io, 100);
                LoopMetrics before = EventedIo.metrics(runtime).getFirst();
                ChannelCases.wakeFromThread(io, trips);
                LoopMetrics after = EventedIo.metrics(runtime).getFirst();
                long wakeUps = after.wakeUps() - before.wakeUps();
                assertTrue(wakeUps <= trips + 10, () -> wakeUps + " wake-ups for " + trips + " round trips");
            });
        }
    }
}
