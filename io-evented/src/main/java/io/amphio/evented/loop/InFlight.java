package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import org.jspecify.annotations.Nullable;

/**
 * The completions of one loop: a list of those that are under way, and a queue of those whose callback is due, both linked
 * through the completions themselves. A completion is in one of the two at most.
 *
 * <p>Backends and handles end completions at any point of a turn; the queue is what keeps user code out of there.
 *
 * <p><b>Threads:</b> whoever has {@link Custody custody} of the loop, as a rule its own thread.
 */
final class InFlight {
    private final EventLoop loop;

    private @Nullable Completion underWay; // the list
    private int underWayCount;

    private @Nullable Completion firstDue; // the queue
    private @Nullable Completion lastDue;
    private int dueCount;

    private boolean closing; // from then on, nothing begins

    InFlight(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    boolean isClosing() {
        return closing;
    }

    int underWayCount() {
        return underWayCount;
    }

    int dueCount() {
        return dueCount;
    }

    /** Sets a submitted completion going, unless it was canceled meanwhile. */
    void begin(Completion completion) {
        boolean wanted = completion.start(loop);
        add(completion);
        if (wanted && !closing) {
            completion.begin(loop);
            completion.startTimer(loop);
        } else {
            completion.endUnbegun(this);
        }
    }

    /** Asks the backend for its end, if it is still that submission which is under way. */
    void cancel(Completion completion, int generation) {
        if (completion.isStarted(generation)) {
            completion.cancel(loop);
        }
    }

    /** Called by the backend. */
    void end(Operation operation) {
        ((BackendOperation) operation.owner()).cameBack(this, operation);
    }

    void end(Completion completion, @Nullable OperationException failure) {
        completion.complete(failure);
        moveToQueue(completion);
    }

    void endCanceled(Completion completion) {
        completion.completeCanceled(closing);
        moveToQueue(completion);
    }

    /** Calls the callbacks that are due now, and not those that come due meanwhile: the kernel is to be asked in between. */
    void dispatch() {
        for (int left = dueCount; left > 0; left--) {
            Completion completion = take();
            if (completion != null) {
                loop.call(() -> completion.dispatch(loop));
            }
        }
    }

    /**
     * Asks for the end of everything; a close of a handle takes its course, only nobody is told. A group ends with its
     * members, which are all in the list themselves: asking it would end others than the one whose turn it is.
     */
    void cancelAll() {
        closing = true;
        for (Completion completion = underWay; completion != null; ) {
            Completion next = completion.after; // before it may move to the queue
            if (completion instanceof Close) {
                endCanceled(completion);
            } else if (!(completion instanceof CompletionGroup)) {
                completion.cancel(loop);
            }
            completion = next;
        }
    }

    private void add(Completion completion) {
        completion.before = null;
        completion.after = underWay;
        if (underWay != null) {
            underWay.before = completion;
        }
        underWay = completion;
        underWayCount++;
    }

    private void moveToQueue(Completion completion) {
        unlink(completion);
        completion.before = null;
        completion.after = null;
        if (lastDue == null) {
            firstDue = completion;
        } else {
            lastDue.after = completion;
        }
        lastDue = completion;
        dueCount++;
    }

    private void unlink(Completion completion) {
        Completion before = completion.before;
        Completion after = completion.after;
        if (before == null) {
            underWay = after;
        } else {
            before.after = after;
        }
        if (after != null) {
            after.before = before;
        }
        underWayCount--;
    }

    private @Nullable Completion take() {
        Completion first = firstDue;
        if (first != null) {
            firstDue = first.after;
            if (firstDue == null) {
                lastDue = null;
            }
            first.after = null;
            dueCount--;
        }
        return first;
    }
}
