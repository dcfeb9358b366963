package io.amphio;

import io.vavr.CheckedFunction0;
import io.vavr.CheckedFunction1;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one often does with several tasks. Every method here waits until all tasks that it started have ended, whatever
 * happens, and hands a cancel of its caller on to them.
 */
public final class Tasks {
    private Tasks() {}

    /**
     * Waits for all of {@code futures} as {@link Future#await} does, and returns their values in order.
     *
     * <p>If some failed, waits for all and throws what {@link Future#await} throws for the first in order, with the failures
     * of the others as suppressed. A cancel of the caller that one of them takes is handed on to all.
     *
     * @param <T> the value
     */
    public static <T extends @Nullable Object> List<T> awaitAll(Io io, Collection<Future<T>> futures) {
        List<T> values = new ArrayList<>(futures.size());
        RuntimeException failure = null;
        Error error = null;
        for (Future<T> future : futures) {
            try {
                values.add(future.await(io));
            } catch (RuntimeException thrown) {
                if (thrown instanceof CanceledException) {
                    futures.forEach(Future::requestCancel); // it was delivered here, and would reach none that follow
                }
                if (failure == null) {
                    failure = thrown;
                } else {
                    suppress(failure, thrown);
                }
            } catch (Error thrown) {
                error = error == null ? thrown : error;
            }
        }
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw failure;
        }
        return values;
    }

    /**
     * Runs all {@code bodies}, concurrently as far as {@code io} allows, and returns what they return in order. If one fails,
     * the others are canceled and that failure is thrown.
     *
     * @param <T> the value
     */
    public static <T extends @Nullable Object> List<T> collect(
            Io io, Collection<? extends CheckedFunction0<? extends T>> bodies) {
        try (Group group = Group.failFast()) {
            List<Future<T>> futures = new ArrayList<>(bodies.size());
            for (CheckedFunction0<? extends T> body : bodies) {
                futures.add(group.<T>async(io, TaskOptions.DEFAULT, body));
            }
            group.await(io);
            return awaitAll(io, futures);
        }
    }

    /**
     * Applies {@code function} to each of {@code inputs}, at most {@code limit} at a time, and returns the results in order. If
     * one fails, the others are canceled, no further one is begun, and that failure is thrown.
     *
     * @param <A> the input
     * @param <B> the result
     * @param limit how many run at a time, 1 or more
     */
    public static <A, B> List<B> map(
            Io io, Iterable<? extends A> inputs, int limit, CheckedFunction1<? super A, ? extends B> function) {
        if (limit < 1) {
            throw new IllegalArgumentException("map: a limit below 1: " + limit);
        }
        Work<A, B> work = new Work<>(inputs.iterator(), function);
        try (Group group = Group.failFast()) {
            for (int i = 0; i < limit && !work.isExhausted(); i++) {
                group.async(io, () -> {
                    work.doAll(io);
                    return null;
                });
            }
            group.await(io);
        }
        return work.results();
    }

    private static final class Work<A, B> {
        private final Iterator<? extends A> inputs; // @GuardedBy("this"): short, and never across a wait
        private final CheckedFunction1<? super A, ? extends B> function;
        private final List<@Nullable B> results = new ArrayList<>(); // @GuardedBy("this")

        Work(Iterator<? extends A> inputs, CheckedFunction1<? super A, ? extends B> function) {
            this.inputs = inputs;
            this.function = function;
        }

        synchronized boolean isExhausted() {
            return !inputs.hasNext();
        }

        void doAll(Io io) throws Throwable {
            while (true) {
                io.checkCancel();
                int place;
                A input;
                synchronized (this) {
                    if (!inputs.hasNext()) {
                        return;
                    }
                    input = inputs.next();
                    place = results.size();
                    results.add(null);
                }
                B result = function.apply(input);
                synchronized (this) {
                    results.set(place, result);
                }
            }
        }

        @SuppressWarnings("NullAway") // all places were filled, or the group's await has thrown
        synchronized List<B> results() {
            return new ArrayList<>(results);
        }
    }

    /**
     * Runs all {@code bodies} at the same time and returns what the first of them to end returns, or throws what it throws; the
     * others are canceled.
     *
     * @param <T> the value
     * @throws IllegalArgumentException if there is no body
     * @throws IllegalStateException if {@code io} cannot run that many at the same time
     */
    public static <T extends @Nullable Object> T race(
            Io io, Collection<? extends CheckedFunction0<? extends T>> bodies) {
        return compete(io, bodies, true);
    }

    /**
     * Runs all {@code bodies} at the same time and returns what the first of them to succeed returns; the others are canceled.
     * If none succeeds, throws the last failure with the others as suppressed.
     *
     * @param <T> the value
     * @throws IllegalArgumentException if there is no body
     * @throws IllegalStateException if {@code io} cannot run that many at the same time
     */
    public static <T extends @Nullable Object> T firstSuccess(
            Io io, Collection<? extends CheckedFunction0<? extends T>> bodies) {
        return compete(io, bodies, false);
    }

    private static <T extends @Nullable Object> T compete(
            Io io, Collection<? extends CheckedFunction0<? extends T>> bodies, boolean firstEnds) {
        if (bodies.isEmpty()) {
            throw new IllegalArgumentException("nobody to run: there is no body");
        }
        List<RuntimeException> failures = new ArrayList<>();
        List<Future<T>> running = new ArrayList<>(bodies.size());
        try {
            for (CheckedFunction0<? extends T> body : bodies) {
                running.add(io.<T>concurrent(TaskOptions.DEFAULT, body)
                        .getOrElseThrow(ConcurrencyUnavailable::asException));
            }
            while (!running.isEmpty()) {
                Future<T> ended = awaitAny(io, running);
                running.remove(ended);
                try {
                    return ended.await(io);
                } catch (RuntimeException thrown) {
                    failures.forEach(failure -> suppress(thrown, failure));
                    if (firstEnds || running.isEmpty()) {
                        throw thrown;
                    }
                    failures.add(thrown);
                }
            }
            throw new AssertionError("the last of the bodies returned or threw");
        } finally {
            running.forEach(Future::requestCancel);
            running.forEach(Future::close);
        }
    }

    private static <T extends @Nullable Object> Future<T> awaitAny(Io io, List<Future<T>> running) {
        Select<Future<T>> select = new Select<>();
        for (Future<T> future : running) {
            Supplier<Future<T>> itself = () -> future;
            select.on(future.doneArm(), done -> itself.get());
        }
        return select.await(io);
    }

    private static void suppress(RuntimeException thrown, RuntimeException further) {
        if (thrown != further) {
            thrown.addSuppressed(further);
        }
    }
}
