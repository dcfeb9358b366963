package io.amphio.evented.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is ready on one worker and may move to another, first come first: a ring, and behind it a list for what does not fit;
 * before both, the one that runs next.
 *
 * <p>That one is whom the running task has woken first. Most likely it wants what is warm now, and makes room for, or waits for,
 * what the running one does: a hundred messages that a task sends in a row are received in a row, and not one by one. So
 * thieves leave it alone, unless the worker has been inside one task for long. It goes before the others {@value #MOST_IN_A_ROW} times
 * in a row at most, so two tasks that talk to each other starve nobody.
 *
 * <pre>
 *   who      does                          by
 *   ------   ---------------------------   ------------------------------------------------------------------
 *   owner    tryPushNext, none is next     a write of next
 *   owner    poll, one is next             a compare-and-set of next to null; a thief may have been first
 *   owner    push, room in the ring        a write of the slot, then of tail
 *   owner    push, no room, or some wait   an add to the list: what is in the ring is older than all of it
 *   owner    poll                          a compare-and-set of head; an empty ring is first filled from the list
 *   thief    steal                         reads half of the slots, then a compare-and-set of head
 *   thief    takeNext                      a compare-and-set of next to null
 * </pre>
 *
 * <p>Nothing is lost or taken twice: only a compare-and-set of head takes from the ring, by as many slots as its maker has
 * read. Had one of those slots been written again meanwhile, head would have moved, as the owner writes a slot again only
 * once head is past it; and then the compare-and-set fails, since head only grows.
 *
 * <p>Slots that thieves have emptied keep their reference until they are written again: at most a ring of ended tasks.
 *
 * <p><b>Threads:</b> {@link #push}, {@link #poll} and the receiver of {@link #stealFrom} are the owner's, everything else may be
 * called from any thread.
 *
 * @param <T> what is queued
 */
final class LocalRunQueue<T> {
    static final int CAPACITY = 256; // a power of two
    private static final int MASK = CAPACITY - 1;
    private static final int MOST_IN_A_ROW = 32;
    private static final VarHandle NEXT;
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(LocalRunQueue.class, "next", Object.class);
            HEAD = MethodHandles.lookup().findVarHandle(LocalRunQueue.class, "head", long.class);
            TAIL = MethodHandles.lookup().findVarHandle(LocalRunQueue.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Object[] slots = new Object[CAPACITY]; // written by the owner
    private final ConcurrentLinkedQueue<T> overflow = new ConcurrentLinkedQueue<>(); // added to by the owner
    private int inARow; // how often next went first; the owner
    private volatile @Nullable Object next; // made non-null by the owner only
    private boolean spilled; // whether overflow may hold something; the owner
    private volatile long head; // the oldest slot; whoever takes
    private volatile long tail; // behind the newest slot; the owner

    /** Adds {@code item} before all others, if none is there yet; else returns false. */
    boolean tryPushNext(T item) {
        if (next != null) {
            return false;
        }
        NEXT.setRelease(this, item); // no fence, as for a slot: who sleeps is not woken for it
        return true;
    }

    /** Takes the one that runs next, if there is one. */
    @SuppressWarnings("unchecked") // only tryPushNext() writes it
    @Nullable
    T takeNext() {
        Object first = next;
        return first != null && NEXT.compareAndSet(this, first, null) ? (T) first : null;
    }

    /** Returns whether there is one that runs next. */
    boolean hasNext() {
        return next != null;
    }

    /** Adds {@code item} behind all others. */
    void push(T item) {
        if ((spilled && !overflow.isEmpty()) || !pushToRing(item)) {
            spilled = true;
            overflow.add(item);
        }
    }

    private boolean pushToRing(T item) {
        long end = tail;
        if (end - head >= CAPACITY) {
            return false;
        }
        slots[(int) end & MASK] = item;
        TAIL.setRelease(this, end + 1); // pairs with the volatile read of tail by thieves: they see the slot
        return true;
    }

    /** Takes the one that runs next, or the oldest; null if there is none. */
    @Nullable
    T poll() {
        if (next != null) {
            T first = takeNext();
            if (first != null) {
                if (++inARow <= MOST_IN_A_ROW) {
                    return first;
                }
                push(first);
            }
        }
        inARow = 0;
        return pollOldest();
    }

    @SuppressWarnings("unchecked") // only push() writes slots
    private @Nullable T pollOldest() {
        while (true) {
            long first = head;
            if (first == tail) {
                if (!spilled || !fillFromOverflow()) {
                    return null;
                }
                continue;
            }
            Object item = slots[(int) first & MASK];
            if (HEAD.compareAndSet(this, first, first + 1)) {
                slots[(int) first & MASK] = null; // only the owner writes slots, and this is the owner
                return (T) item;
            }
        }
    }

    private boolean fillFromOverflow() {
        boolean filled = false;
        for (int i = 0; i < CAPACITY / 2; i++) {
            T item = overflow.poll();
            if (item == null) {
                spilled = false;
                break;
            }
            if (!pushToRing(item)) {
                throw new AssertionError("an empty ring without room");
            }
            filled = true;
        }
        return filled;
    }

    /**
     * Takes half of what {@code victim} has ready, rounded up, into this queue, which is empty, and of that returns the first.
     *
     * @return null if there is nothing to take
     */
    @SuppressWarnings("unchecked") // only push() writes slots
    @Nullable
    T stealFrom(LocalRunQueue<T> victim) {
        while (true) {
            long first = victim.head;
            long count = victim.tail - first;
            if (count <= 0) {
                return victim.overflow.poll();
            }
            count -= count / 2;
            if (count > CAPACITY / 2) {
                continue; // head and tail were read at different moments
            }
            Object taken = victim.slots[(int) first & MASK];
            long end = tail;
            for (int i = 1; i < count; i++) {
                slots[(int) (end + i - 1) & MASK] = victim.slots[(int) (first + i) & MASK];
            }
            if (HEAD.compareAndSet(victim, first, first + count)) {
                TAIL.setRelease(this, end + count - 1);
                return (T) taken;
            }
        }
    }

    boolean isEmpty() {
        return next == null && head == tail && overflow.isEmpty();
    }

    /** Returns how many are in the ring: all but the one that runs next, unless more were pushed than fit. */
    int size() {
        return (int) Math.max(0, tail - head);
    }
}
