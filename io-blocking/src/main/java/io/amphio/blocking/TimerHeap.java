package io.amphio.blocking;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Timers in the order of their deadlines: a binary heap in which each knows its place, so that one can be taken out of the
 * middle. Logarithmic. Guarded by the lock of its owner.
 */
final class TimerHeap {
    /** A place in the heap. */
    static class Entry {
        private static final int OUTSIDE = -1;

        private final long deadlineNanos;
        private int place = OUTSIDE;

        Entry(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        final long deadlineNanos() {
            return deadlineNanos;
        }
    }

    private @Nullable Entry[] entries = new Entry[16];
    private int size;

    /** Returns how many entries fit in before {@link #grow}. */
    int room() {
        return entries.length - size;
    }

    int capacity() {
        return entries.length;
    }

    /** Moves to a larger array, which the caller has made while it did not hold the lock. */
    void grow(@Nullable Entry[] larger) {
        if (larger.length > entries.length) {
            System.arraycopy(entries, 0, larger, 0, size);
            entries = larger;
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns the entry with the earliest deadline. */
    @Nullable
    Entry first() {
        return entries[0];
    }

    void add(Entry entry) {
        up(size++, entry);
    }

    /** Takes {@code entry} out; false if it was not in. */
    boolean remove(Entry entry) {
        int place = entry.place;
        if (place == Entry.OUTSIDE) {
            return false;
        }
        entry.place = Entry.OUTSIDE;
        Entry last = Objects.requireNonNull(entries[--size]);
        entries[size] = null;
        if (place < size) { // the last one fills the gap, and belongs above or below it
            down(place, last);
            if (last.place == place) {
                up(place, last);
            }
        }
        return true;
    }

    private void up(int from, Entry entry) {
        int place = from;
        while (place > 0) {
            int above = (place - 1) >>> 1;
            if (!isEarlier(entry, at(above))) {
                break;
            }
            put(place, at(above));
            place = above;
        }
        put(place, entry);
    }

    private void down(int from, Entry entry) {
        int place = from;
        while (2 * place + 1 < size) {
            int below = 2 * place + 1;
            if (below + 1 < size && isEarlier(at(below + 1), at(below))) {
                below++;
            }
            if (!isEarlier(at(below), entry)) {
                break;
            }
            put(place, at(below));
            place = below;
        }
        put(place, entry);
    }

    private Entry at(int place) {
        return Objects.requireNonNull(entries[place]);
    }

    private void put(int place, Entry entry) {
        entries[place] = entry;
        entry.place = place;
    }

    /** By difference, as readings of the nano clock may overflow. */
    private static boolean isEarlier(Entry one, Entry other) {
        return one.deadlineNanos - other.deadlineNanos < 0;
    }

    @Override
    public String toString() {
        return "TimerHeap" + Arrays.toString(Arrays.copyOf(entries, size));
    }
}
