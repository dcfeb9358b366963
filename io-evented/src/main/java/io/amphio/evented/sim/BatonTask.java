package io.amphio.evented.sim;

import io.amphio.TaskOptions;
import io.amphio.evented.coro.Coroutine;
import io.amphio.evented.coro.CoroutineScheduler;
import io.vavr.CheckedFunction0;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A simulated task where the JDK schedules virtual threads: its thread runs only while it has the baton, and the world's only
 * while it has not.
 *
 * <pre>
 *   baton   event                     next    and then
 *   -----   -----------------------   -----   ---------------------------------------------------------------
 *   world   the schedule chooses it   task    the world's thread waits until it has the baton back
 *   task    park, no permit           world   the task's thread waits for the baton; an unpark makes it ready
 *   task    park, a permit            task    the permit is used up: as LockSupport does it
 *   task    yield                     world   it can go on at once, and is ready
 *   task    the body ends             world
 * </pre>
 *
 * <p>No wake-up is lost: each side writes the baton before it unparks the other, and reads it again after every park. Permit
 * and parked are touched only by whoever has the baton.
 *
 * <p>What a task does by means of the JDK alone (a sleep, a latch) is not seen: the whole world waits until it is over.
 *
 * @param <T> what the body returns
 */
final class BatonTask<T extends @Nullable Object> extends SimulatedTask<T> {
    private final Coroutine coroutine;
    private volatile boolean mine; // the baton: whoever has it
    private boolean started; // the world
    private boolean parked; // whoever has the baton of any task, as all below
    private boolean permit;
    private boolean again;

    BatonTask(World world, SimulatedInstance instance, TaskOptions options, CheckedFunction0<? extends T> body) {
        super(world, instance, options, body);
        String name = options.name();
        this.coroutine = Coroutine.create(world.bridge(), new Unasked(), name == null ? "" : name, this::runWithBaton);
    }

    private void runWithBaton() {
        try {
            run();
        } finally {
            giveBack();
        }
    }

    @Override
    void begin() {
        world.schedule().ready(this);
    }

    @Override
    boolean carryOn() {
        again = false;
        mine = true;
        if (started) {
            LockSupport.unpark(coroutine.thread());
        } else {
            started = true;
            coroutine.start();
        }
        while (mine) {
            LockSupport.park(this);
        }
        return again;
    }

    private void giveBack() {
        mine = false;
        LockSupport.unpark(world.thread());
    }

    private void giveWay() {
        giveBack();
        boolean interrupted = false;
        while (!mine) {
            interrupted |= Thread.interrupted(); // with the flag set, park would return at once
            LockSupport.park(this);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isHere() {
        return Thread.currentThread() == coroutine.thread();
    }

    @Override
    protected void park(Object blocker) {
        if (!isHere()) {
            super.park(blocker);
        } else if (permit) {
            permit = false;
        } else {
            parked = true;
            giveWay();
        }
    }

    @Override
    protected void unpark(Thread thread) {
        if (thread != coroutine.thread()) {
            super.unpark(thread);
        } else if (!world.schedule().isInside()) {
            world.schedule().ready(this); // which refuses
        } else if (parked) {
            parked = false;
            world.schedule().ready(this);
        } else {
            permit = true;
        }
    }

    @Override
    protected void yieldThread() {
        again = true;
        giveWay();
    }

    @Override
    Thread bodyThread() {
        return coroutine.thread();
    }

    /** The scheduler of a coroutine that the JDK schedules. */
    private static final class Unasked implements CoroutineScheduler {
        @Override
        public void runnable(Coroutine coroutine) {
            throw new AssertionError("the JDK schedules " + coroutine);
        }

        @Override
        public boolean foreign(Coroutine parent, Runnable continuation) {
            return false;
        }
    }
}
