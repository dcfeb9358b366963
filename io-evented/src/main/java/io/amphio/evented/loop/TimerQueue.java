package io.amphio.evented.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, the next one first: a heap with four children to a node, flat in two arrays.
 *
 * <p>Each timer knows its place, so that it can be moved and taken out in O(log n). Four children make the heap half as
 * deep as two, and the deadlines lie side by side in an array of their own: comparing them touches no timer. Deadlines are
 * compared by their difference, as those of {@link System#nanoTime} may overflow.
 *
 * <p><b>Threads:</b> whoever has {@link Custody custody} of the loop, as a rule its own thread.
 */
final class TimerQueue {
    private static final int FIRST_CAPACITY = 16;
    private static final int CHILDREN = 4;

    private @Nullable LoopTimer[] timers = new LoopTimer[FIRST_CAPACITY];
    private long[] deadlines = new long[FIRST_CAPACITY];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The next deadline; only if there is one. */
    long nextDeadlineNanos() {
        return deadlines[0];
    }

    /** Puts a timer in, or moves it. */
    void put(LoopTimer timer, long deadlineNanos) {
        int at = timer.place;
        if (at == LoopTimer.NOWHERE) {
            if (size == timers.length) {
                timers = Arrays.copyOf(timers, size * 2);
                deadlines = Arrays.copyOf(deadlines, size * 2);
            }
            up(size++, timer, deadlineNanos);
        } else if (deadlineNanos - deadlines[at] < 0) {
            up(at, timer, deadlineNanos);
        } else {
            down(at, timer, deadlineNanos);
        }
    }

    /** Takes a timer out, if it is in. */
    void remove(LoopTimer timer) {
        int at = timer.place;
        if (at == LoopTimer.NOWHERE) {
            return;
        }
        timer.place = LoopTimer.NOWHERE;
        LoopTimer last = timers[--size];
        timers[size] = null;
        if (last != null && last != timer) {
            long deadline = deadlines[size];
            if (deadline - deadlines[at] < 0) {
                up(at, last, deadline);
            } else {
                down(at, last, deadline);
            }
        }
    }

    /** Runs the timers that are due; one that sets itself again for now is for the next time. */
    void fire(long nowNanos) {
        for (int left = size; left > 0 && size > 0 && deadlines[0] - nowNanos <= 0; left--) {
            LoopTimer first = timers[0];
            if (first != null) {
                remove(first);
                first.due(nowNanos);
            }
        }
    }

    /** Takes out all timers. */
    void clear() {
        for (int i = 0; i < size; i++) {
            LoopTimer timer = timers[i];
            if (timer != null) {
                timer.place = LoopTimer.NOWHERE;
            }
            timers[i] = null;
        }
        size = 0;
    }

    private void up(int from, LoopTimer timer, long deadline) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / CHILDREN;
            if (deadline - deadlines[parent] >= 0) {
                break;
            }
            moveTo(at, parent);
            at = parent;
        }
        placeAt(at, timer, deadline);
    }

    private void down(int from, LoopTimer timer, long deadline) {
        int at = from;
        while (true) {
            int child = earliestChild(at);
            if (child == 0 || deadline - deadlines[child] <= 0) {
                break;
            }
            moveTo(at, child);
            at = child;
        }
        placeAt(at, timer, deadline);
    }

    /** Returns the child with the earliest deadline, or 0, which is nobody's child. */
    private int earliestChild(int parent) {
        int first = parent * CHILDREN + 1;
        int end = Math.min(first + CHILDREN, size);
        int earliest = 0;
        for (int child = first; child < end; child++) {
            if (earliest == 0 || deadlines[child] - deadlines[earliest] < 0) {
                earliest = child;
            }
        }
        return earliest;
    }

    private void moveTo(int to, int from) {
        LoopTimer timer = timers[from];
        if (timer != null) {
            placeAt(to, timer, deadlines[from]);
        }
    }

    private void placeAt(int at, LoopTimer timer, long deadline) {
        timers[at] = timer;
        deadlines[at] = deadline;
        timer.place = at;
    }
}
