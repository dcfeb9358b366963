package io.amphio.interop.context;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.spi.forwarding.ForwardingIo;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Io} whose tasks see what belonged to the thread that started them: thread locals, task locals, scoped values, SLF4J's
 * MDC.
 *
 * <pre>{@code
 * Io io = ContextIo.over(runtime.io())
 *         .carrying(Mdc.carried(), Carried.threadLocal(TENANT))
 *         .inheriting(USER);
 * }</pre>
 *
 * <p>Captured when a task is started, or a {@code call} is made; installed before its body, undone after it. Tasks that start others
 * by the same {@code Io} hand it on. What a task changes does not come back to who started it.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class ContextIo extends ForwardingIo {
    private final List<Carried> carried;
    private final ScopedValue<?>[] inherited;

    private ContextIo(Io real, List<Carried> carried, ScopedValue<?>[] inherited) {
        super(real);
        this.carried = carried;
        this.inherited = inherited;
    }

    /** Returns an {@code Io} that carries nothing yet. */
    public static ContextIo over(Io real) {
        return new ContextIo(real, List.of(), new ScopedValue<?>[0]);
    }

    /** Returns one that carries {@code more} as well; installed in this order, undone the other way round. */
    public ContextIo carrying(Carried... more) {
        List<Carried> all = new ArrayList<>(carried);
        all.addAll(List.of(more));
        return new ContextIo(real(), List.copyOf(all), inherited);
    }

    /** Returns one whose tasks also see what {@code values} are bound to where they are started. */
    public ContextIo inheriting(ScopedValue<?>... values) {
        List<ScopedValue<?>> all = new ArrayList<>(List.of(inherited));
        all.addAll(List.of(values));
        return new ContextIo(real(), carried, all.toArray(ScopedValue<?>[]::new));
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        return super.async(options.inheriting(inherited), wrap(body));
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        return super.concurrent(options.inheriting(inherited), wrap(body));
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        Objects.requireNonNull(body, "call: the body is null");
        List<Carried.Snapshot> snapshots = capture();
        return super.call(io, options.inheriting(inherited), () -> {
            List<Runnable> undo = new ArrayList<>(snapshots.size());
            try {
                install(snapshots, undo);
                return body.run();
            } finally {
                undo(undo);
            }
        });
    }

    private <T extends @Nullable Object> CheckedFunction0<T> wrap(CheckedFunction0<? extends T> body) {
        Objects.requireNonNull(body, "a task's body is null");
        List<Carried.Snapshot> snapshots = capture();
        return () -> {
            List<Runnable> undo = new ArrayList<>(snapshots.size());
            try {
                install(snapshots, undo);
                return body.apply();
            } finally {
                undo(undo);
            }
        };
    }

    private List<Carried.Snapshot> capture() {
        return carried.stream().map(Carried::capture).toList();
    }

    private static void install(List<Carried.Snapshot> snapshots, List<Runnable> undo) {
        snapshots.forEach(snapshot -> undo.add(snapshot.install()));
    }

    private static void undo(List<Runnable> undo) {
        undo.reversed().forEach(Runnable::run);
    }
}
