package io.amphio.interop.clib;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers by which C names our objects to us: what a {@code void *privdata} holds. An object cannot be collected while it has one;
 * a number that was given back names nothing, and none is used twice.
 *
 * <p><b>Threads:</b> any.
 *
 * @param <T> what is named
 */
public final class Handles<T> {
    private final ConcurrentMap<Long, T> named = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    /** Creates an empty table. */
    public Handles() {}

    /** Names {@code object}; the number is never 0. */
    public long add(T object) {
        long handle = last.incrementAndGet();
        named.put(handle, object);
        return handle;
    }

    /** Returns what {@code handle} names, or null if it was given back. */
    public @Nullable T get(long handle) {
        return named.get(handle);
    }

    /** Gives {@code handle} back. */
    public void remove(long handle) {
        named.remove(handle);
    }

    /** Returns how many are given out. */
    public int count() {
        return named.size();
    }
}
