package io.amphio.sync;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one channel, first in, first out: a list of chunks. Guarded by the lock of the channel.
 *
 * <p>Chunks and not one array, as an array that grows is copied, and that takes too long under a lock that others spin on. An
 * empty chunk is kept for when the next one is full, so a channel that hovers about some size allocates nothing.
 *
 * @param <T> a message
 */
final class Fifo<T> {
    private static final int MAX_SLOTS_PER_CHUNK = 64;

    private static final class Chunk {
        private final @Nullable Object[] slots;
        private @Nullable Chunk next;

        private Chunk(int count) {
            slots = new @Nullable Object[count];
        }
    }

    private final int slotsPerChunk;
    private @Nullable Chunk head; // where messages are taken from; null while there has been none
    private @Nullable Chunk tail; // where messages are added
    private @Nullable Chunk spare;
    private int headIndex;
    private int tailIndex;
    private int size;

    /** Creates an empty one that rarely holds more than {@code expected}. */
    Fifo(int expected) {
        slotsPerChunk = Math.clamp(expected, 1, MAX_SLOTS_PER_CHUNK);
    }

    int size() {
        return size;
    }

    void add(T message) {
        Chunk last = tail;
        if (last == null || tailIndex == slotsPerChunk) {
            last = append(last);
        }
        last.slots[tailIndex++] = message;
        size++;
    }

    private Chunk append(@Nullable Chunk last) {
        Chunk added = spare == null ? new Chunk(slotsPerChunk) : spare;
        spare = null;
        if (last == null) {
            head = added;
        } else {
            last.next = added;
        }
        tail = added;
        tailIndex = 0;
        return added;
    }

    /** Takes the oldest message out; null if there is none. */
    @SuppressWarnings("unchecked") // only add() fills slots
    @Nullable
    T poll() {
        Chunk first = head;
        if (size == 0 || first == null) {
            return null;
        }
        if (headIndex == slotsPerChunk) {
            first = dropFirst(first);
        }
        T message = (T) first.slots[headIndex];
        first.slots[headIndex++] = null; // what was received must not be kept from being collected
        size--;
        return message;
    }

    private Chunk dropFirst(Chunk emptied) {
        Chunk following = emptied.next;
        if (following == null) {
            throw new AssertionError("messages, and no chunk that holds them");
        }
        emptied.next = null;
        spare = emptied;
        head = following;
        headIndex = 0;
        return following;
    }
}
