package io.amphio.evented.task;

import org.jspecify.annotations.Nullable;

/**
 * The other ordinary workers, as one of them sees them: whom it steals from, and who is told when it sleeps.
 *
 * <p>What an idle worker could steal it is told of by {@link Idlers}. As that is done only for a second task (the first one most
 * likely runs next), an idle worker also looks by itself now and then: a task that does not give way must not keep the one
 * behind it from running for good.
 *
 * <p><b>Threads:</b> the worker's own.
 */
final class Siblings implements Surroundings {
    private static final long LOOK_AGAIN_NANOS = 5_000_000; // while others are awake
    private static final long GLANCE_NANOS = 100_000_000; // while all sleep, as nobody says when the first one wakes

    private static final long HOG_NANOS = 1_000_000;

    private final Scheduler scheduler;
    private final int index;
    private final LocalRunQueue<EventedTask<?>> local; // the worker's own
    private final WorkerCounters counters;
    private final long[]
            seenRuns; // by worker: how many tasks it had run when it was last seen to have one that runs next
    private final long[] seenAtNanos; // when that was
    private boolean announced; // whether Idlers has our bit, as far as we know

    Siblings(Scheduler scheduler, int index, LocalRunQueue<EventedTask<?>> local, WorkerCounters counters) {
        this.scheduler = scheduler;
        this.index = index;
        this.local = local;
        this.counters = counters;
        this.seenRuns = new long[scheduler.workerCount()];
        this.seenAtNanos = new long[scheduler.workerCount()];
    }

    @Override
    public void turnBegins() {
        if (announced) {
            announced = false;
            scheduler.idlers().leave(index);
        }
    }

    @Override
    public boolean runsTasks() {
        return true;
    }

    @Override
    public @Nullable EventedTask<?> find() {
        if (!scheduler.isStealing()) {
            return null;
        }
        int count = scheduler.workerCount();
        for (int i = 1; i < count; i++) {
            EventedTask<?> stolen = scheduler.worker((index + i) % count).giveLocal(local);
            if (stolen == null) {
                stolen = takeFromHog((index + i) % count);
            }
            if (stolen != null) {
                counters.stole();
                return stolen;
            }
        }
        return null;
    }

    /** Takes the task that would run next on another worker, if that has been inside one task for long. */
    private @Nullable EventedTask<?> takeFromHog(int other) {
        Worker worker = scheduler.worker(other);
        if (!worker.hasNext()) {
            return null;
        }
        long runs = worker.tasksRun();
        long now = System.nanoTime();
        if (runs != seenRuns[other]) {
            seenRuns[other] = runs;
            seenAtNanos[other] = now;
            return null;
        }
        return now - seenAtNanos[other] > HOG_NANOS ? worker.giveNext() : null;
    }

    @Override
    public boolean hasMore() {
        if (!scheduler.isStealing()) {
            return false;
        }
        announced = true;
        scheduler.idlers().enter(index); // then look: the partner of the fence in Worker.pushLocal()
        int count = scheduler.workerCount();
        for (int i = 1; i < count; i++) {
            if (scheduler.worker((index + i) % count).hasSpareTasks()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long lookAgainNanos() {
        if (!scheduler.isStealing() || scheduler.workerCount() == 1) {
            return -1;
        }
        return scheduler.idlers().othersAwake(index) ? LOOK_AGAIN_NANOS : GLANCE_NANOS;
    }
}
