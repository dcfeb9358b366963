package io.amphio.races;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@code Io} to wait by and nothing else, whose time passes when a test says so.
 *
 * <p><b>Threads:</b> every method may be called from anywhere.
 */
public final class ManualIo implements Io, Clock, Timers {
    private volatile long nanos;
    private volatile boolean refusing;
    private final List<Started> started = new ArrayList<>(); // @GuardedBy("this")

    private record Started(ManualIo of, long deadlineNanos, Runnable action) implements Timer {
        @Override
        public boolean cancel() {
            return of.forget(this);
        }
    }

    private synchronized boolean forget(Started timer) {
        return started.remove(timer);
    }

    /** Lets time pass and fires, on the current thread, what is due. */
    public void advanceTo(long newNanos) {
        List<Started> due = new ArrayList<>();
        synchronized (this) {
            nanos = newNanos;
            for (Started timer : started) {
                if (timer.deadlineNanos <= newNanos) {
                    due.add(timer);
                }
            }
            started.removeAll(due);
        }
        due.forEach(timer -> timer.action.run());
    }

    /** Has every timer that is started from now on refused, as by a runtime that is closed. */
    public void refuseTimers() {
        refusing = true;
    }

    @Override
    public Timer start(long deadlineNanos, Runnable action) {
        if (refusing) {
            throw new IllegalStateException("closed");
        }
        Started timer = new Started(this, deadlineNanos, action);
        synchronized (this) {
            if (nanos < deadlineNanos) {
                started.add(timer);
                return timer;
            }
        }
        action.run();
        return timer;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(0, nanos);
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public Timers timers() {
        return this;
    }

    @Override
    public String dumpTasks() {
        return "";
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        throw none("tasks");
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        throw none("tasks");
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body) {
        throw none("threads");
    }

    @Override
    public Net net() {
        throw none("sockets");
    }

    @Override
    public Buffers buffers() {
        throw none("buffers");
    }

    private static UnsupportedOperationException none(String what) {
        return new UnsupportedOperationException("the Io of a test has no " + what);
    }
}
