package io.amphio.evented.loop;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who may touch what belongs to a loop: its backend, what is in flight, its timers, and the taking end of its inbox. That is the
 * loop's own thread, always, except while it runs the work of a scheduler; then a spare may, should that thread get stuck.
 *
 * <pre>
 *   holder    event                 by       next      and then
 *   -------   -------------------   ------   -------   -------------------------------------------------------------
 *   owner     lend                  owner    nobody    it runs tasks, and touches nothing of the loop meanwhile
 *   nobody    takeBack              owner    owner     it goes on with its turn
 *   nobody    tryStandIn            spare    spare     it does one turn that does not wait
 *   spare     giveBack              spare    nobody    the owner is unparked, if it waits
 *   spare     takeBack              owner    spare     the owner parks until that turn is over
 *   spare     tryStandIn            spare    spare     false: another spare is at it
 *   owner     tryStandIn            spare    owner     false: the owner is inside the loop
 * </pre>
 *
 * <p>There is one holder at a time: nobody's word is taken but by compare-and-set, and only the holder gives it back. What one
 * holder did happens-before what the next does: {@code lend} and {@code giveBack} write the word that the compare-and-set of the
 * next one reads. So the backend, the completions, the timers and the inbox need no lock of their own, and the callbacks of a
 * loop never run two at a time, also not while it changes hands.
 *
 * <p>Nothing is lost in between. Requests are posted to the inbox by who does not hold custody, tasks on the loop's own thread
 * included, and stay there until a holder visits it: the spare on each of its turns, the owner on its next one. The owner does not
 * sleep on them, as it looks into the inbox after it has announced its sleep ({@link Sleep}), and it does so as the holder.
 *
 * <p>The owner does not oversleep its return: it sets {@code ownerWaits} and then tries again; the spare clears the holder and then
 * looks at {@code ownerWaits}. All four are volatile, so at least one of them sees the other. A turn of a spare is short, as it never
 * waits; only a callback that does not return could keep the owner out, which would have kept it out on its own thread, too.
 *
 * <p>It costs the loop one compare-and-set and one write for each time it runs work, and nothing where custody is not shared.
 *
 * @param <S> by what a spare is known, never the same as the owner's mark
 */
final class Custody<S> {
    private static final Object OWNER = "the loop's own thread";

    private final boolean shared;

    /** OWNER, a spare, or null: nobody. */
    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>(OWNER);

    private volatile boolean ownerWaits; // the owner
    private @Nullable Thread owner; // the owner, before it waits
    private boolean lent; // the owner: whether it has lent, and not yet taken back

    Custody(boolean shared) {
        this.shared = shared;
    }

    /** Returns whether a spare may ever hold it. */
    boolean isShared() {
        return shared;
    }

    // ---- the owner

    /** Lets others stand in. */
    void lend() {
        if (shared) {
            lent = true;
            holder.setRelease(null); // paired with the compare-and-sets; it need not be seen soon
        }
    }

    /** Is the holder again when this returns. */
    void takeBack() {
        if (shared) {
            if (!holder.compareAndSet(null, OWNER)) {
                awaitGiveBack();
            }
            lent = false;
        }
    }

    private void awaitGiveBack() {
        owner = Thread.currentThread();
        ownerWaits = true;
        boolean interrupted = false;
        while (!holder.compareAndSet(null, OWNER)) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // with it set, a park returns at once
        }
        ownerWaits = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the owner has lent it: its thread is running work. Only to be asked on that thread. */
    boolean isLent() {
        return lent;
    }

    // ---- a spare

    /** Becomes the holder if nobody is. */
    boolean tryStandIn(S spare) {
        return shared && holder.get() == null && holder.compareAndSet(null, spare);
    }

    /** Lets the owner in again. */
    void giveBack() {
        holder.set(null);
        if (ownerWaits) {
            LockSupport.unpark(owner);
        }
    }

    // ---- the holder

    /** Returns the spare that holds this, null if the owner does; only the holder may ask. */
    @SuppressWarnings("unchecked") // it is OWNER or what tryStandIn was given
    @Nullable
    S spare() {
        Object now = shared ? holder.getPlain() : OWNER; // written by the caller itself
        return now == OWNER ? null : (S) now;
    }

    // ---- any thread

    /** Returns whether the owner is not the holder: an indication of one moment. */
    boolean isAway() {
        return holder.getOpaque() != OWNER;
    }
}
