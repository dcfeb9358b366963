package io.amphio.benchmarks.jmh;

import io.amphio.AutoCancel;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Timeout;
import io.amphio.sync.Channel;
import io.amphio.sync.Mutex;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What one operation costs within a task. JMH's own threads are no tasks, so each invocation starts one that does so many
 * operations that its start does not count.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Operations.COUNT)
public class Operations {
    static final int COUNT = 10_000;

    private static final Timeout LIMIT = Timeout.after(Duration.ofSeconds(30));

    private final IoRuntime runtime = IoRuntime.open(IoOptions.of("evented").with("loops", "1"));
    private final Io io = runtime.io();
    private final Channel<Integer> channel = new Channel<>(1);
    private final Channel<Integer> there = new Channel<>(1);
    private final Channel<Integer> back = new Channel<>(1);
    private final Mutex mutex = new Mutex();

    /** Made by JMH. */
    public Operations() {}

    /** Starts what takes part in a wake: it sends back what it gets. */
    @Setup
    public void echo() {
        Future<?> echo = io.concurrent(() -> sendBack()).getOrElseThrow(ConcurrencyUnavailable::asException);
        echo.whenDone(_ -> {}); // it ends when the runtime does
    }

    private void sendBack() {
        while (true) {
            back.send(io, there.receive(io));
        }
    }

    /** Ends all. */
    @TearDown
    public void close() {
        runtime.close();
    }

    private interface Step {
        void run(int n) throws Exception;
    }

    private void inTask(Step step) {
        io.await(io.concurrent(() -> {
                    for (int n = 0; n < COUNT; n++) {
                        step.run(n);
                    }
                })
                .getOrElseThrow(ConcurrencyUnavailable::asException));
    }

    /** A task that gives way, and goes on as nobody else is ready. */
    @Benchmark
    public void yieldAlone() {
        inTask(_ -> io.yieldNow());
    }

    /** A message to a task that waits, and its answer: two switches. */
    @Benchmark
    public void wakeAndBack() {
        inTask(n -> {
            there.send(io, n & 0x3f);
            back.receive(io);
        });
    }

    /** A task that does nothing, started and awaited. */
    @Benchmark
    public void spawnAndAwait() {
        inTask(_ -> io.await(io.concurrent(() -> {}).getOrElseThrow(ConcurrencyUnavailable::asException)));
    }

    /** A message through a channel that has room. */
    @Benchmark
    public void channelSendAndReceive() {
        inTask(n -> {
            channel.send(io, n & 0x3f); // small numbers are not allocated
            channel.receive(io);
        });
    }

    /** A mutex that is free. */
    @Benchmark
    public void mutexLockAndUnlock() {
        inTask(_ -> {
            mutex.lock(io);
            mutex.unlock();
        });
    }

    /** A deadline that does not fire. */
    @Benchmark
    public void timerSetAndClear() {
        io.await(io.concurrent(() -> {
                    try (AutoCancel deadline = new AutoCancel()) {
                        for (int n = 0; n < COUNT; n++) {
                            deadline.set(io, LIMIT);
                            deadline.clear();
                        }
                    }
                })
                .getOrElseThrow(ConcurrencyUnavailable::asException));
    }
}
