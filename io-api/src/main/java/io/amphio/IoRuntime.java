package io.amphio;

import io.amphio.spi.IoProvider;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Io} of a program, opened once at start-up and closed at its end.
 *
 * <pre>{@code
 * void main(String[] args) {
 *     try (IoRuntime runtime = IoRuntime.open(args)) {      // --io evented | --io=blocking, -Damphio.io=…, AMPHIO_IO
 *         runtime.run(io -> app(io, runtime.blocking()));   // a task; INT and TERM cancel it
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> every method may be called from any thread that is no task of this runtime.
 */
public final class IoRuntime implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.amphio.runtime");
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
    private static final String BLOCKING = "blocking";

    private final IoOptions options;
    private final String name;
    private final IoProvider.Instance instance;
    private IoProvider.@Nullable Instance companion; // @GuardedBy("this")
    private boolean closed; // @GuardedBy("this")
    private volatile @Nullable Throwable thrownByRun;

    private IoRuntime(String name, IoOptions options, IoProvider.Instance instance) {
        this.name = name;
        this.options = options;
        this.instance = instance;
    }

    /**
     * Opens the {@code Io} that the arguments, the system properties or the environment name, or the default one.
     *
     * @throws IllegalArgumentException if no implementation has that name; the message lists those that exist
     * @throws IllegalStateException if there is no implementation at all
     */
    public static IoRuntime open(String... args) {
        return open(IoOptions.parse(args));
    }

    /** Opens the {@code Io} that {@code options} name, or the default one, as {@link #open(String...)} does. */
    public static IoRuntime open(IoOptions options) {
        IoProvider provider = provider(options);
        return open(provider, options);
    }

    /** Opens the {@code Io} of {@code provider}; for implementations that offer an {@code open} of their own. */
    public static IoRuntime open(IoProvider provider, IoOptions options) {
        return new IoRuntime(provider.name(), options, provider.open(options));
    }

    private static IoProvider provider(IoOptions options) {
        var providers = ServiceLoader.load(IoProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        if (providers.isEmpty()) {
            throw new IllegalStateException(
                    "no Io implementation is on the class path or module path: add io-evented or io-blocking");
        }
        String wanted = options.io().orElse(null);
        return providers.stream()
                .filter(found ->
                        wanted == null ? found.isDefault() : found.name().equals(wanted))
                .findFirst()
                .or(() -> wanted == null ? providers.stream().findFirst() : Optional.empty())
                .orElseThrow(() -> new IllegalArgumentException("no Io is called \"" + wanted + "\"; there are: "
                        + providers.stream().map(IoProvider::name).sorted().collect(Collectors.joining(", "))));
    }

    /** Returns the {@code Io}. */
    public Io io() {
        return instance.io();
    }

    /** Returns the name of the implementation that was chosen. */
    public String name() {
        return name;
    }

    /**
     * Returns the companion {@code Io} that blocks platform threads, for code that cannot do otherwise; opened when first asked
     * for, closed with this runtime. A blocking runtime is its own companion.
     *
     * @throws IllegalStateException if this runtime is closed, or no blocking implementation is there
     */
    public synchronized Io blocking() {
        if (BLOCKING.equals(name)) {
            return io();
        }
        IoProvider.Instance opened = companion;
        if (opened == null) {
            if (closed) {
                throw new IllegalStateException("blocking: the runtime is closed");
            }
            opened = provider(options.with("io", BLOCKING)).open(options.with("io", BLOCKING));
            companion = opened;
        }
        return opened.io();
    }

    /**
     * What {@link #run} runs.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Main<X extends Exception> {
        /** Runs the program on {@code io}. */
        void run(Io io) throws X;
    }

    /**
     * Runs the main task and waits until it has ended. INT and TERM cancel it, a second one ends the process as usual; a main
     * task that gives way to such a signal has done its job, so this then returns normally.
     *
     * @param <X> what the main task throws
     * @throws X what the main task throws
     * @throws TaskCanceledException if the main task was canceled by {@link #close}
     */
    public <X extends Exception> void run(Main<X> main) throws X {
        Objects.requireNonNull(main, "run: the main task is null");
        Future<?> future = io().concurrent(TaskOptions.named("main"), () -> {
                    main.run(io());
                    return null;
                })
                .getOrElseThrow(ConcurrencyUnavailable::asException);
        try (future;
                SignalCancel signals = SignalCancel.install(future)) {
            Outcome<?> outcome = future.waitFor(io(), Timeout.NONE);
            switch (outcome) {
                case Outcome.Value<?> _ -> {}
                case Outcome.Canceled<?>(CanceledException struck) -> {
                    if (!signals.received()) {
                        throw new TaskCanceledException("main was canceled", struck);
                    }
                }
                case Outcome.Failure<?>(Throwable thrown) -> {
                    thrownByRun = thrown;
                    throw IoRuntime.<X>asThrownBy(thrown);
                }
            }
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the body could throw X and unchecked ones only
    private static <X extends Throwable> X asThrownBy(Throwable thrown) throws X {
        throw (X) thrown;
    }

    /**
     * Cancels all tasks, waits for them to end, and gives back all threads and handles. Idempotent; not a cancellation point.
     *
     * <p>After {@code grace} the request is repeated, once; tasks that still run after another {@code grace}, stuck in native code
     * perhaps, are named in the exception and not waited for any more.
     *
     * @param grace above zero
     * @throws IllegalStateException if tasks were left running; the message has their dump
     */
    public void close(Duration grace) {
        if (grace.isNegative() || grace.isZero()) {
            throw new IllegalArgumentException("close: a grace period that is not above zero: " + grace);
        }
        IoProvider.Instance opened;
        synchronized (this) {
            closed = true;
            opened = companion;
        }
        try {
            instance.close(grace);
        } finally {
            if (opened != null) {
                opened.close(grace); // last: tasks of the other one may need it to end
            }
        }
    }

    /**
     * Closes with a grace period of 10 seconds. Throws nothing: tasks that were left running are added to what {@link #run} threw,
     * as suppressed, or logged.
     */
    @Override
    public void close() {
        try {
            close(DEFAULT_GRACE);
        } catch (IllegalStateException leftRunning) {
            Throwable earlier = thrownByRun;
            if (earlier != null) {
                earlier.addSuppressed(leftRunning);
            } else {
                LOG.log(Level.WARNING, leftRunning.getMessage());
            }
        }
    }
}
