package io.amphio.testing;

import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;

/**
 * A waiter that does not sleep: with it a test walks through the states of a synchronizer in one thread, and says exactly when a
 * waiter is claimed by something else, as a cancel or a deadline does.
 */
public final class Probe extends Waiter {
    private int wakes;

    private Probe() {
        super(Task.current());
    }

    /** Queues {@code arm}; fails if it happens at once. */
    public static Probe queued(Arm arm) {
        Probe probe = new Probe();
        if (!Waits.listen(arm, probe)) {
            throw new AssertionError("happened at once: " + arm);
        }
        return probe;
    }

    /** Claims the waiter as a cancel does: its arm stays queued, and can no longer happen. */
    public Probe canceled() {
        if (!claim("canceled")) {
            throw new AssertionError("claimed before, by " + claimedBy());
        }
        return this;
    }

    /** Returns whether the arm has happened and the waiter was woken for it, once. */
    public boolean happened() {
        if (wakes > 1 || (wakes == 1) != (claimedBy() instanceof Arm)) {
            throw new AssertionError(wakes + " wakes, claimed by " + claimedBy());
        }
        return wakes == 1;
    }

    @Override
    protected void wake() {
        wakes++;
    }
}
