package io.amphio.evented.task;

import io.amphio.TaskOptions;
import io.amphio.evented.coro.Coroutine;
import io.amphio.evented.coro.CoroutineScheduler;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.BodyTask;
import io.vavr.CheckedFunction0;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs in a coroutine, and the scheduler of that coroutine: what makes it ready leads here without a look-up.
 *
 * <p>Its states are the coroutine's; while it is ready it stands in exactly one queue, as the coroutine says so only once.
 *
 * @param <T> what the body returns
 */
final class EventedTask<T extends @Nullable Object> extends BodyTask<T> implements CoroutineScheduler, Coroutine.Body {
    private final Scheduler scheduler;
    private final Coroutine coroutine;

    /** The worker it must run on, or null if any may. */
    private final @Nullable Worker home;

    private final boolean counted; // among those that concurrent may have

    /** Who carries it, or carried it last; written by that worker's thread. A stale read by others only misplaces a wake-up. */
    private volatile Worker worker;

    // Both written by the starter, then by runnable(), of which each happens after the one before.
    private boolean isNew = true;
    private boolean startsNear;

    @Nullable
    EventedTask<?> nextInInbox; // whoever pushes it, then the worker that empties the inbox

    EventedTask(
            Scheduler scheduler,
            TaskOptions options,
            CheckedFunction0<? extends T> body,
            Worker first,
            boolean stays,
            boolean counted) {
        super(options, body);
        this.scheduler = scheduler;
        this.worker = first;
        this.home = stays ? first : null;
        this.counted = counted;
        String name = options.name();
        this.coroutine = Coroutine.create(scheduler.bridge(), this, name == null ? "" : name, this);
    }

    /**
     * Makes it ready for the first time. Any thread, once.
     *
     * @param near whether the worker that starts it may also run it; else it begins where it was placed
     */
    void start(boolean near) {
        startsNear = near;
        coroutine.start();
    }

    @Override
    public void runnable(Coroutine ready) {
        boolean first = isNew;
        isNew = false;
        if (first && !startsNear) {
            scheduler.readyAt(this, worker);
        } else {
            scheduler.ready(this, first);
        }
    }

    /** Always declines: a pool takes strangers. They know nothing of a budget, and may outlive us. */
    @Override
    public boolean foreign(Coroutine parent, Runnable continuation) {
        worker.sawForeign();
        return false;
    }

    /** Carries this task on the worker's thread until it parks; returns whether it can go on at once. */
    boolean carryOn(Worker carrier) {
        if (worker != carrier) { // mostly it is, and a volatile write costs a fence
            worker = carrier;
        }
        renewBudget();
        return coroutine.runUntilParked();
    }

    @Nullable
    Worker home() {
        return home;
    }

    Worker worker() {
        return worker;
    }

    /** Returns whether the current thread, which runs this task, is its coroutine, carried by a worker: not away in a call. */
    boolean isCarried() {
        return scheduler.bridge().mode() == SchedulerBridge.Mode.OWN && Thread.currentThread() == coroutine.thread();
    }

    Thread coroutineThread() {
        return coroutine.thread();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    @Override
    protected @Nullable String whereabouts() {
        if (scheduler.bridge().mode() == SchedulerBridge.Mode.STOCK) {
            return null; // on the JDK's threads
        }
        Worker now = worker;
        String stays = home == now ? " for good" : home == null ? "" : " for " + home;
        return now + stays + (now.isStuck() ? ", which is stuck" : "");
    }

    @Override
    protected void yieldThread() {
        Coroutine.yield();
    }

    @Override
    protected void beforeEnd() {
        if (counted) {
            scheduler.giveBackUnit();
        }
    }

    @Override
    protected void afterEnd() {
        scheduler.ended(this);
    }
}
