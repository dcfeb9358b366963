package io.amphio.spi.forwarding;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.console.Console;
import io.amphio.fs.Fs;
import io.amphio.net.Net;
import io.amphio.process.Processes;
import io.amphio.process.Signals;
import io.amphio.spi.Timers;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Io} that does what another does: override what is to be different. What {@code Io} itself makes of its other methods
 * (sleeps, deadlines, inline ways of starting) is not forwarded, so that it goes by what was overridden.
 */
public abstract class ForwardingIo implements Io {
    private final Io real;

    /** Creates one around {@code real}. */
    protected ForwardingIo(Io real) {
        this.real = Objects.requireNonNull(real, "the Io to forward to is null");
    }

    /** Returns who does it. */
    protected final Io real() {
        return real;
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        return real.async(options, body);
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        return real.concurrent(options, body);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        return real.call(io, options, body);
    }

    @Override
    public Net net() {
        return real.net();
    }

    @Override
    public Fs fs() {
        return real.fs();
    }

    @Override
    public Processes processes() {
        return real.processes();
    }

    @Override
    public Signals signals() {
        return real.signals();
    }

    @Override
    public Console console() {
        return real.console();
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public SecureRandom secureRandom() {
        return real.secureRandom();
    }

    @Override
    public void readable(Io io, int descriptor, Timeout timeout) throws IOException {
        real.readable(io, descriptor, timeout);
    }

    @Override
    public void writable(Io io, int descriptor, Timeout timeout) throws IOException {
        real.writable(io, descriptor, timeout);
    }

    @Override
    public Clock clock() {
        return real.clock();
    }

    @Override
    public Buffers buffers() {
        return real.buffers();
    }

    @Override
    public Timers timers() {
        return real.timers();
    }

    @Override
    public String dumpTasks() {
        return real.dumpTasks();
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
