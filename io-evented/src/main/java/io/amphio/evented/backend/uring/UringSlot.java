package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdDescriptor;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.ffi.UringRefusal;
import org.jspecify.annotations.Nullable;

/**
 * The place of one operation in flight: what the kernel knows it by, and the memory that it has.
 *
 * <pre>
 *   step     event                            next     and then
 *   -------  -------------------------------  -------  --------------------------------------------------------------
 *   FREE     begin                            CALLING  an entry goes to the kernel, or waits until there is a place for it
 *   CALLING  EINTR, or the request says so    CALLING  the same entry once more, unless somebody asked for the end
 *   any      ECANCELED, and nobody asked      same     the same entry once more: the thread that submitted it has ended
 *   CALLING  EAGAIN, where readiness is told  POLLING  waits for readiness first, unless somebody asked for the end
 *   CALLING  any other result                 FREE     the operation has its outcome, its memory is lent no longer
 *   POLLING  ready                            CALLING  the same entry once more, unless somebody asked for the end
 *   POLLING  an error                         FREE     as above
 * </pre>
 *
 * <p>The kernel has at most one request of a slot at a time, and the slot is free only after the kernel has said how that ended: so
 * nothing of it can touch the memory later. Each use of a slot is a generation of its own, which the kernel repeats with each
 * completion; one of an earlier use finds nobody.
 *
 * <p>No cancel is lost between two entries: it is noted here before the kernel hears of it, and every way to a further entry looks.
 *
 * <p><b>Threads:</b> the loop's.
 */
final class UringSlot implements Submissions.Submission {
    private enum Step {
        FREE,
        CALLING,
        POLLING
    }

    private static final int EINTR = 4;
    private static final int ERESTARTSYS = 512; // what the kernel calls EINTR inside, and tells of an open
    private static final int EAGAIN = 11;
    private static final int AT_FDCWD = -100; // the current directory

    private final int index;
    private int generation;
    private Step step = Step.FREE;
    private boolean endRequested;
    private @Nullable Request request; // set while not free
    private @Nullable Operation operation; // set while not free
    private @Nullable FdDescriptor held; // until free; a failed connect closes it under other operations
    private @Nullable FdDescriptor alsoHeld; // until free; the directory of a second name
    private int attempts;
    private Slab.@Nullable Piece piece; // lent until free
    private int bytes; // how many of the piece are used; the request's own

    UringSlot(int index) {
        this.index = index;
    }

    // ---- what completions say

    long userData() {
        return (long) generation << 32 | index;
    }

    static int indexOf(long userData) {
        return (int) userData;
    }

    /** Returns whether a completion is for this use of the slot. */
    boolean isMeantBy(long userData) {
        return step != Step.FREE && userData() == userData;
    }

    // ---- its life

    /** Takes an operation; returns false if that has its outcome already, and the slot is to be freed. */
    boolean begin(Operation beginning, Request how, Slab slab) {
        operation = beginning;
        request = how;
        endRequested = false;
        attempts = 0;
        step = Step.CALLING;
        beginning.setTicket(this);
        try {
            if (beginning.hasNames()) {
                held = hold(beginning.names().directory());
                alsoHeld = hold(beginning.names().otherDirectory());
            } else {
                held = hold(beginning.descriptor());
            }
            return how.prepare(this, beginning, slab);
        } catch (Failure e) {
            beginning.failed(e);
        } catch (UringRefusal e) {
            beginning.failed(UringErrors.failure(e));
        } catch (RuntimeException e) {
            beginning.failed(FdErrors.unusable(e));
        }
        return false;
    }

    private static @Nullable FdDescriptor hold(@Nullable Descriptor descriptor) throws Failure {
        if (descriptor == null) {
            return null;
        }
        FdDescriptor holding = (FdDescriptor) descriptor;
        holding.hold();
        return holding;
    }

    private static void release(@Nullable FdDescriptor held) {
        if (held != null) {
            held.release();
        }
    }

    @Override
    public void write(Entry entry) {
        if (step == Step.POLLING) {
            entry.poll(number(), request().readiness());
        } else {
            request().write(entry, this, operation());
        }
        entry.userData(userData());
    }

    /** Takes what the kernel said; returns false if it has to be asked once more. */
    boolean completed(int result) {
        if (result == -Ring.ECANCELED && !endRequested) {
            return false; // as happens to a ring without an owner
        }
        if (step == Step.POLLING && result >= 0) {
            step = Step.CALLING;
            return isEndedByRequest();
        }
        if (step == Step.CALLING && result == -EAGAIN && request().readiness() != 0) {
            step = Step.POLLING;
            return isEndedByRequest();
        }
        if (result == -EINTR || result == -ERESTARTSYS || request().isAskedAgain(result, ++attempts)) {
            return isEndedByRequest();
        }
        end(result);
        return true;
    }

    private boolean isEndedByRequest() {
        if (endRequested) {
            operation().canceled();
        }
        return endRequested;
    }

    private void end(int result) {
        Operation ending = operation();
        if (result == -Ring.ECANCELED) {
            ending.canceled();
            return;
        }
        try {
            if (result < 0) {
                request().failed(ending, result);
            } else {
                request().finish(this, ending, result);
            }
        } catch (Failure e) {
            ending.failed(e);
        } catch (RuntimeException e) {
            ending.failed(FdErrors.unusable(e));
        }
    }

    /** Returns whether this is the first request for its end. */
    boolean requestEnd() {
        boolean first = !endRequested;
        endRequested = true;
        return first;
    }

    /** Ends this use: gives back the memory. The kernel must be done with it. */
    void free(Slab slab) {
        if (piece != null) {
            slab.give(piece);
            piece = null;
        }
        release(held);
        release(alsoHeld);
        held = null;
        alsoHeld = null;
        operation = null;
        request = null;
        step = Step.FREE;
        generation++;
    }

    // ---- for requests

    /**
     * Returns the number of the descriptor, or of what the first name is relative to. Nobody else gets it before the slot is free.
     */
    int number() {
        return held == null ? AT_FDCWD : held.number();
    }

    /** Returns the number of what the second name is relative to. */
    int otherNumber() {
        return alsoHeld == null ? AT_FDCWD : alsoHeld.number();
    }

    /** Lends it memory for so many bytes, of which there are no more than the largest piece has. */
    Slab.Piece lend(Slab slab, int needed) throws UringRefusal {
        piece = slab.take(needed);
        bytes = needed;
        return piece;
    }

    /** Returns the memory that was lent. */
    Slab.Piece piece() {
        if (piece == null) {
            throw new AssertionError("a request without memory asks for it");
        }
        return piece;
    }

    /** Returns how many bytes of it are used: what was lent for, unless the request has set it. */
    int bytes() {
        return bytes;
    }

    void setBytes(int count) {
        bytes = count;
    }

    Operation operation() {
        if (operation == null) {
            throw new AssertionError("a free slot is asked for its operation");
        }
        return operation;
    }

    private Request request() {
        if (request == null) {
            throw new AssertionError("a free slot is asked for its request");
        }
        return request;
    }
}
