package io.amphio.conformance;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.net.Net;
import io.amphio.spi.Timers;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An {@code Io} that counts the timers which were started by it and have neither fired nor been stopped. */
final class CountingIo implements Io {
    private final Io io;
    private final AtomicInteger timers = new AtomicInteger();

    CountingIo(Io io) {
        this.io = io;
    }

    int timersRunning() {
        return timers.get();
    }

    @Override
    public Timers timers() {
        return (deadlineNanos, action) -> {
            timers.incrementAndGet();
            Timers.Timer timer = io.timers().start(deadlineNanos, () -> {
                timers.decrementAndGet();
                action.run();
            });
            return () -> {
                boolean stopped = timer.cancel();
                if (stopped) {
                    timers.decrementAndGet();
                }
                return stopped;
            };
        };
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        return io.async(options, body);
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        return io.concurrent(options, body);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io by, CallOptions options, Body<T, X> body)
            throws X {
        return io.call(by, options, body);
    }

    @Override
    public Net net() {
        return io.net();
    }

    @Override
    public Clock clock() {
        return io.clock();
    }

    @Override
    public Buffers buffers() {
        return io.buffers();
    }

    @Override
    public String dumpTasks() {
        return io.dumpTasks();
    }
}
