package io.amphio.evented.ffi;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the time of one call, taken before it and given back after it by a thread that does not wait in between.
 *
 * <p>Not by thread, as coroutines would have some each and only their carriers need one: a few slots that whoever comes
 * empties and fills. There are twice as many as processors; who finds all of them empty makes a new one, for the collector
 * to take.
 *
 * <p><b>Threads:</b> any may take; one owns it until it gives it back.
 *
 * @param <T> what is kept
 */
public final class Spares<T> {
    private static final int SLOTS =
            Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors())) * 2;
    private static final int APART = 16; // references: a line of cache for each slot

    private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(SLOTS * APART);
    private final Supplier<T> maker;

    /**
     * Creates one that keeps nothing yet.
     *
     * @param maker makes one more
     */
    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /**
     * Takes one.
     *
     * @return the caller's own until {@link #give}
     */
    public T take() {
        int start = start();
        for (int i = 0; i < SLOTS; i++) {
            int slot = slot(start + i);
            if (idle.getPlain(slot) != null) {
                T found = idle.getAndSet(slot, null);
                if (found != null) {
                    return found;
                }
            }
        }
        return maker.get();
    }

    /**
     * Gives one back.
     *
     * @param taken what {@link #take} returned; not to be used any more
     */
    public void give(T taken) {
        int start = start();
        for (int i = 0; i < SLOTS; i++) {
            int slot = slot(start + i);
            if (idle.getPlain(slot) == null && idle.compareAndSet(slot, null, taken)) {
                return;
            }
        }
    }

    private static int start() {
        return (int) Thread.currentThread().threadId();
    }

    private static int slot(int number) {
        return (number & (SLOTS - 1)) * APART;
    }
}
