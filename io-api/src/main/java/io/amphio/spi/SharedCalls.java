package io.amphio.spi;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that all who ask for the same at the same time share.
 *
 * <pre>
 *   askers   event                        next    and then
 *   ------   --------------------------   -----   ---------------------------------------------------------------------
 *   none     one asks                     1       it starts the work
 *   n        one asks                     n + 1   it waits for the same work
 *   n &gt; 1    one is canceled, times out   n - 1   the work goes on for the others
 *   1        it is canceled, times out    none    the work is canceled and awaited; who asks from now on starts another
 *   n        the work ends                none    all have its result; who asks from now on starts another
 * </pre>
 *
 * <p>Askers are counted, and found by their key, under one lock; an entry that nobody asks for any more, or whose work has ended,
 * leaves the map under it too. So no asker joins work that is being canceled. The one who starts the work is an asker until after it
 * has been started, so there is always something to cancel.
 *
 * <p><b>Threads:</b> every method may be called from anywhere.
 *
 * @param <K> what is asked for
 * @param <T> the result
 */
public final class SharedCalls<K, T> {
    private final SourceLock lock = new SourceLock();
    private final Map<K, Entry<T>> entries = new HashMap<>(); // @GuardedBy("lock")

    /** Creates it, with nothing going on. */
    public SharedCalls() {}

    private static final class Entry<T> {
        private final Completer<T> completer;
        private int askers; // @GuardedBy("lock")
        private @Nullable Future<T> work; // written by the first asker, read by the last, which the lock orders

        Entry(String name) {
            completer = new Completer<>(name, null);
        }
    }

    /**
     * Asks for the work for {@code key}, and starts it if there is none. Does not wait.
     *
     * @param key what is asked for
     * @param name what the work is called in messages
     * @param start starts the work; it may be called while other keys are worked for, but for none twice at a time
     * @return what to wait for, and to close
     */
    public Asked ask(K key, String name, Supplier<Future<T>> start) {
        Entry<T> fresh = new Entry<>(name);
        Entry<T> entry = join(key, fresh);
        Asked asked = new Asked(key, name, entry);
        if (entry == fresh) {
            try {
                start(key, entry, start);
            } catch (Throwable refused) {
                asked.close();
                throw refused;
            }
        }
        return asked;
    }

    /** One who asks. Owned by one task. */
    public final class Asked implements AutoCloseable {
        private final K key;
        private final String name;
        private final Entry<T> entry;
        private boolean over;

        private Asked(K key, String name, Entry<T> entry) {
            this.key = key;
            this.name = name;
            this.entry = entry;
        }

        /**
         * Waits for the result. A cancellation point.
         *
         * @param io who waits
         * @param timeout how long to wait
         * @throws io.amphio.CanceledException if the current task was canceled first
         * @throws TimedOutException if the deadline passed first
         * @throws IllegalStateException if the work was canceled by another than its askers: its runtime has been closed
         */
        public T await(Io io, Timeout timeout) {
            long startedNanos = timeout.isNone() ? 0 : io.clock().nanoTime();
            try {
                Outcome<T> outcome = entry.completer.future().waitFor(io, timeout);
                over = true;
                return valueOf(name, outcome);
            } catch (TimedOutException passed) {
                throw Waits.timedOut(name, io.clock().nanoTime() - startedNanos);
            }
        }

        /** Returns what happens when the work has ended, for a select; {@link #await} then need not wait. */
        public Arm doneArm() {
            return entry.completer.future().doneArm();
        }

        /** Asks no more: work that nobody asks for is canceled and awaited. Idempotent; not a cancellation point. */
        @Override
        public void close() {
            if (!over) {
                over = true;
                leave(key, entry);
            }
        }
    }

    private void start(K key, Entry<T> entry, Supplier<Future<T>> start) {
        try {
            Future<T> work = start.get();
            entry.work = work;
            work.whenDone(outcome -> end(key, entry, outcome));
        } catch (Throwable refused) { // others may wait already
            end(key, entry, new Outcome.Failure<>(refused));
            throw refused;
        }
    }

    private Entry<T> join(K key, Entry<T> fresh) {
        lock.acquire();
        try {
            Entry<T> entry = entries.computeIfAbsent(key, _ -> fresh);
            entry.askers++;
            return entry;
        } finally {
            lock.release();
        }
    }

    private void end(K key, Entry<T> entry, Outcome<T> outcome) {
        lock.acquire();
        try {
            entries.remove(key, entry);
        } finally {
            lock.release();
        }
        entry.completer.complete(outcome);
    }

    private void leave(K key, Entry<T> entry) {
        lock.acquire();
        try {
            if (--entry.askers > 0) {
                return;
            }
            entries.remove(key, entry);
        } finally {
            lock.release();
        }
        Future<T> work = entry.work;
        if (work != null) { // else it could not be started
            work.close();
        }
    }

    /** Ends all waits; the work itself is not this one's to end. */
    public void refuseAll(Supplier<? extends RuntimeException> reason) {
        Map<K, Entry<T>> all;
        lock.acquire();
        try {
            all = new HashMap<>(entries);
            entries.clear();
        } finally {
            lock.release();
        }
        all.values().forEach(entry -> entry.completer.fail(reason.get()));
    }

    private static <T> T valueOf(String name, Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Value<T>(T value) -> Objects.requireNonNull(value);
            case Outcome.Canceled<T>(CanceledException canceled) ->
                throw new IllegalStateException(name + ": the runtime is closed", canceled);
            case Outcome.Failure<T>(Throwable thrown) -> throw new IllegalStateException(name + ": " + thrown, thrown);
        };
    }

    /** Returns for how many keys there is work going on. */
    public int size() {
        lock.acquire();
        try {
            return entries.size();
        } finally {
            lock.release();
        }
    }
}
