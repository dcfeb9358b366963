package io.amphio.evented.task;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that other threads make ready on one worker, first come first.
 *
 * <p>A stack that the worker takes as a whole and turns round: a push is one compare-and-set, allocates nothing, and is visible
 * as soon as it has begun, so a worker that finds the inbox empty may sleep on it. A task is in one inbox at most once.
 *
 * <p><b>Threads:</b> any pushes; any takes, and of two that take at the same time each gets what the other does not: as a rule
 * that is the worker alone.
 */
final class TaskInbox {
    private final AtomicReference<@Nullable EventedTask<?>> newest = new AtomicReference<>();

    void push(EventedTask<?> task) {
        while (true) {
            EventedTask<?> before = newest.get();
            task.nextInInbox = before;
            if (newest.compareAndSet(before, task)) {
                return;
            }
        }
    }

    boolean isEmpty() {
        return newest.get() == null;
    }

    /** Hands all that is there now to {@code taker}, in the order in which it came. */
    void takeAll(Consumer<EventedTask<?>> taker) {
        if (isEmpty()) {
            return;
        }
        EventedTask<?> oldest = null;
        for (EventedTask<?> task = newest.getAndSet(null); task != null; ) {
            EventedTask<?> older = task.nextInInbox;
            task.nextInInbox = oldest;
            oldest = task;
            task = older;
        }
        while (oldest != null) {
            EventedTask<?> newer = oldest.nextInInbox;
            oldest.nextInInbox = null; // before it runs, and may be pushed again
            taker.accept(oldest);
            oldest = newer;
        }
    }
}
