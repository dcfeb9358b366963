package io.amphio.evented.loop;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who works on a handle at the moment.
 *
 * <p><b>Threads:</b> any. Enter and leave are ordered, for {@link LoopHandle}, with its volatile {@code closing}: each of them,
 * and {@link #isEmpty}, is a volatile access or under a lock.
 */
abstract sealed class Inside {
    /** Returns false if the place is taken. */
    abstract boolean enter(Object who, boolean reading);

    /** Returns false if it was not inside. */
    abstract boolean leave(Object who, boolean reading);

    abstract boolean isEmpty();

    /** Asks for the end of every operation inside, because the handle is being closed. */
    abstract void cancel();

    private static void endByClose(@Nullable Object who) {
        if (who instanceof Completion completion) {
            completion.requestCancelByClose();
        }
    }

    /** One in each direction: sockets and pipes. */
    static final class Directions extends Inside {
        private final AtomicReference<@Nullable Object> reading = new AtomicReference<>();
        private final AtomicReference<@Nullable Object> writing = new AtomicReference<>();

        private AtomicReference<@Nullable Object> direction(boolean inReading) {
            return inReading ? reading : writing;
        }

        @Override
        boolean enter(Object who, boolean inReading) {
            return direction(inReading).compareAndSet(null, who);
        }

        @Override
        boolean leave(Object who, boolean inReading) {
            return direction(inReading).compareAndSet(who, null);
        }

        @Override
        boolean isEmpty() {
            return reading.get() == null && writing.get() == null;
        }

        @Override
        void cancel() {
            endByClose(reading.get());
            endByClose(writing.get());
        }
    }

    /** Any number: files. */
    static final class Crowd extends Inside {
        private final Set<Object> all = new HashSet<>(); // @GuardedBy("this")

        @Override
        synchronized boolean enter(Object who, boolean reading) {
            return all.add(who);
        }

        @Override
        synchronized boolean leave(Object who, boolean reading) {
            return all.remove(who);
        }

        @Override
        synchronized boolean isEmpty() {
            return all.isEmpty();
        }

        @Override
        void cancel() {
            Set<Object> now;
            synchronized (this) {
                now = Set.copyOf(all);
            }
            for (Object who : now) {
                endByClose(who);
            }
        }
    }
}
