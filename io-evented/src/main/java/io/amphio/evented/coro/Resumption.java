package io.amphio.evented.coro;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is between a coroutine that stands alone and the thread that resumes it.
 *
 * <pre>
 *   turn       event   next       and then
 *   ---------  ------  ---------  ---------------------------------------------------------
 *   RESUMER    resume  COROUTINE  start or unpark the coroutine; wait until its turn is over
 *   COROUTINE  yield   RESUMER    unpark the resumer; park until it is the coroutine's turn
 *   COROUTINE  end     RESUMER    unpark the resumer
 * </pre>
 *
 * <p>No wake-up is lost: each side writes the turn before it unparks the other, and reads it again after every park. A
 * stray unpark costs one more look. A coroutine of our own needs a carrier: {@link #runnable} unparks the resumer, which
 * looks at {@link Coroutine#isRunnable} after every park; and whoever carried it looks at the turn when the run returns.
 *
 * <p>No thread spins on its interrupt status, with which {@code park} returns at once: both sides clear it before they
 * wait and restore it afterwards.
 */
final class Resumption implements CoroutineScheduler {
    private enum Turn {
        RESUMER,
        COROUTINE
    }

    private final SchedulerBridge.Mode mode;
    private final AtomicReference<@Nullable Thread> resumer = new AtomicReference<>(); // who is inside resume
    private volatile Turn turn = Turn.RESUMER; // whoever's turn it is
    private volatile boolean carriedElsewhere; // set by a virtual resumer, cleared by the pool thread
    private boolean started; // whoever is inside resume

    Resumption(SchedulerBridge.Mode mode) {
        this.mode = mode;
    }

    boolean resume(Coroutine coroutine) {
        if (!resumer.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException("resume of " + coroutine + ": it is being resumed already");
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (coroutine.isDone()) {
                throw new IllegalStateException("resume of " + coroutine + ": it has ended");
            }
            turn = Turn.COROUTINE;
            if (started) {
                LockSupport.unpark(coroutine.thread());
            } else {
                started = true;
                coroutine.startThread();
            }
            interrupted |= untilItsTurnIsOver(coroutine);
            return !coroutine.isDone();
        } finally {
            resumer.set(null);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Carries the coroutine, or waits while somebody else does; returns whether it was interrupted meanwhile. */
    private boolean untilItsTurnIsOver(Coroutine coroutine) {
        boolean virtual = Thread.currentThread().isVirtual();
        boolean interrupted = false;
        while (turn == Turn.COROUTINE || carriedElsewhere || !coroutine.isSettled()) {
            if (!coroutine.isRunnable() || carriedElsewhere) {
                LockSupport.park(coroutine);
            } else if (virtual) {
                carriedElsewhere = true;
                ForeignCarriers.execute(() -> carry(coroutine));
            } else {
                coroutine.runUntilParked();
            }
            interrupted |= Thread.interrupted();
        }
        return interrupted;
    }

    private void carry(Coroutine coroutine) {
        try {
            coroutine.runUntilParked();
        } finally {
            carriedElsewhere = false;
            LockSupport.unpark(resumer.get());
        }
    }

    /** Called by the coroutine, to yield. */
    void handOver() {
        boolean interrupted = Thread.interrupted();
        handBack();
        while (turn == Turn.RESUMER) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by the coroutine when its body has ended. */
    void ended() {
        handBack();
    }

    /** The resumer of a coroutine of our own needs no wake-up here: it carries it, or waits for who does. */
    private void handBack() {
        turn = Turn.RESUMER;
        if (mode == SchedulerBridge.Mode.STOCK) {
            LockSupport.unpark(resumer.get());
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a thread is an identity
    public void runnable(Coroutine coroutine) {
        Thread waiting = resumer.get();
        if (waiting != Thread.currentThread()) { // else it is about to look anyway, and must not keep a stray permit
            LockSupport.unpark(waiting);
        }
    }

    /** A coroutine that stands alone has no thread for strangers. */
    @Override
    public boolean foreign(Coroutine parent, Runnable continuation) {
        return false;
    }
}
