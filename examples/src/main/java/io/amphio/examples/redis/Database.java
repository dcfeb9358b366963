package io.amphio.examples.redis;

import io.amphio.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys, their values, and when they expire, told by the clock of the {@code Io}.
 *
 * <p>A value is a {@code String}, or a {@code List}, {@code Members}, {@code Map} or {@code SortedMembers} that is not empty.
 *
 * <p><b>Threads:</b> whoever uses it holds the server's mutex.
 */
final class Database {
    private record Expiry(long atNanos, String key) {}

    private final Clock clock;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Expiry> expiries = new HashMap<>();
    private final TreeSet<Expiry> next; // the same ones, in order
    private final long origin; // so that the order of times is that of numbers

    Database(Clock clock) {
        this.clock = clock;
        this.origin = clock.nanoTime();
        this.next = new TreeSet<>(Comparator.comparingLong(Expiry::atNanos).thenComparing(Expiry::key));
    }

    private long now() {
        return clock.nanoTime() - origin;
    }

    int size() {
        removeExpired(Integer.MAX_VALUE);
        return values.size();
    }

    void clear() {
        values.clear();
        expiries.clear();
        next.clear();
    }

    @Nullable
    Object get(String key) {
        if (!expiries.isEmpty()) {
            Expiry expiry = expiries.get(key);
            if (expiry != null && expiry.atNanos <= now()) {
                remove(key);
            }
        }
        return values.get(key);
    }

    /** Returns the value of {@code key} if it is a {@code type}, null if there is none. */
    <T> @Nullable T get(String key, Class<T> type) {
        Object value = get(key);
        if (value != null && !type.isInstance(value)) {
            throw new CommandException("WRONGTYPE Operation against a key holding the wrong kind of value");
        }
        return type.cast(value);
    }

    /** Returns the value of {@code key}, which is made if there is none. */
    <T> T getOrAdd(String key, Class<T> type, Supplier<T> made) {
        T value = get(key, type);
        if (value == null) {
            value = made.get();
            values.put(key, value);
        }
        return value;
    }

    /** Sets a value, and leaves alone when it expires. */
    void put(String key, Object value) {
        values.put(key, value);
    }

    boolean remove(String key) {
        persist(key);
        return values.remove(key) != null;
    }

    void persist(String key) {
        Expiry expiry = expiries.isEmpty() ? null : expiries.remove(key);
        if (expiry != null) {
            next.remove(expiry);
        }
    }

    void expireAfter(String key, Duration limit) {
        persist(key);
        long nanos = Math.min(TimeUnit.NANOSECONDS.convert(limit), Long.MAX_VALUE / 2); // or the sum would overflow
        Expiry expiry = new Expiry(now() + nanos, key);
        expiries.put(key, expiry);
        next.add(expiry);
    }

    /** Returns how long {@code key} has to live; null if for ever. */
    @Nullable
    Duration remaining(String key) {
        Expiry expiry = expiries.get(key);
        return expiry == null ? null : Duration.ofNanos(expiry.atNanos - now());
    }

    /** Removes keys that nobody has asked for since they expired; returns whether there may be more of them. */
    boolean removeExpired(int most) {
        long now = now();
        for (int i = 0; i < most; i++) {
            if (next.isEmpty() || next.first().atNanos > now) {
                return false;
            }
            remove(next.first().key);
        }
        return true;
    }
}
