package io.amphio.evented.task;

import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.evented.loop.LoopTimer;
import io.amphio.evented.loop.LoopWork;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One event loop, its thread, and the tasks that are ready to run there.
 *
 * <p>Where a task that becomes ready is queued:
 *
 * <pre>
 *   who wakes it              a task that may move           a task that stays
 *   -----------------------   ----------------------------   -------------------------------
 *   this worker's thread      the local queue of the waker   home: resident queue; else inbox
 *   another worker's thread   the local queue of the waker   the inbox of its home
 *   any other thread          the inbox where it last ran    the inbox of its home
 * </pre>
 *
 * <p>So a task stays with its waker: what they share is warm there, and two that talk to each other need no other thread.
 * Only the local queue can be stolen from.
 *
 * <p>No ready task is forgotten while the loop sleeps: an inbox is filled first and the loop woken then, and the loop
 * announces its sleep first and looks into the inbox then ({@link LoopWork#hasReady}). The local and the resident queue are
 * filled by this thread alone, which is awake. What an idle worker could steal it is told of by {@link Idlers}; and as that
 * is done only for a second task (the first one most likely runs next), an idle worker also looks by itself now and
 * then: a task that does not give way must not keep the one behind it from running for good.
 *
 * <p><b>Threads:</b> the worker's own, unless a method says otherwise. Code of a task that this worker carries runs on that
 * thread, too.
 */
final class Worker implements LoopWork {
    private static final int TASKS_PER_TURN = 64;
    private static final int TASKS_PER_READING = 8;
    private static final long TURN_NANOS = 200_000; // I/O and timers wait for no longer than this, give or take a task
    private static final long LOOK_AGAIN_NANOS = 5_000_000; // while others are awake
    private static final long GLANCE_NANOS = 100_000_000; // while all sleep, as nobody says when the first one wakes

    private final Scheduler scheduler;
    private final int index;
    private final EventLoop loop;
    private final Thread thread;

    private final LocalRunQueue<EventedTask<?>> local = new LocalRunQueue<>();
    private final ArrayDeque<EventedTask<?>> resident = new ArrayDeque<>();
    private final TaskInbox inbox = new TaskInbox();
    private final LoopTimer lookAgain;
    private boolean residentNext; // the two queues take turns
    private boolean announced; // whether Idlers has our bit, as far as we know

    @SuppressWarnings("this-escape") // the loop keeps its work, and runs nothing before start()
    Worker(Scheduler scheduler, int index, String backend, long stackBytes) throws IOException {
        this.scheduler = scheduler;
        this.index = index;
        String name = "amphio-loop-" + index;
        this.loop = EventLoop.open(
                EventLoopOptions.DEFAULT.withName(name).withBackend(backend).withWork(this));
        this.lookAgain = new LoopTimer(loop, () -> {}); // the turn that it causes does the looking
        this.thread = new Thread(null, this::runLoop, name, stackBytes);
        thread.setDaemon(true); // a program that forgets to close its runtime should still end
    }

    /** Any thread, once. */
    void start() {
        thread.start();
    }

    private void runLoop() {
        Task.enter(new OwnThread(this));
        try {
            loop.run();
        } finally {
            loop.close();
        }
    }

    /** What the current task is on a worker's thread while no task runs there. */
    static final class OwnThread extends LoopThread {
        private final Worker worker;

        private OwnThread(Worker worker) {
            super(worker.thread.getName());
            this.worker = worker;
        }

        Worker worker() {
            return worker;
        }
    }

    // ---------------------------------------------------------------- what is ready

    /** Queues a task that any worker may run. */
    void pushLocal(EventedTask<?> task) {
        local.push(task);
        if (scheduler.isStealing() && local.size() > 1) {
            VarHandle.fullFence(); // the queue before the bits: the partner of the look in hasReady()
            scheduler.callForHelp();
        }
    }

    /** Queues a task that only this worker may run. */
    void pushResident(EventedTask<?> task) {
        resident.add(task);
    }

    /** Queues a task; any thread. */
    void pushFromAfar(EventedTask<?> task) {
        inbox.push(task);
        loop.wake();
    }

    private void takeIn(EventedTask<?> task) {
        if (task.home() != null) {
            pushResident(task);
        } else {
            pushLocal(task);
        }
    }

    @Override
    public boolean runReady() {
        leaveIdlers();
        inbox.takeAll(this::takeIn);
        long started = System.nanoTime();
        for (int ran = 1; ran <= TASKS_PER_TURN; ran++) {
            EventedTask<?> task = next();
            if (task == null) {
                planToLookAgain();
                return false;
            }
            if (task.carryOn(this)) {
                takeIn(task);
            }
            if (ran % TASKS_PER_READING == 0 && System.nanoTime() - started > TURN_NANOS) {
                break;
            }
        }
        return !local.isEmpty() || !resident.isEmpty();
    }

    /** Here and not in {@link #hasReady}, where the loop has already chosen how long to sleep. */
    private void planToLookAgain() {
        if (scheduler.isStealing() && scheduler.workerCount() > 1) {
            lookAgain.setAfterNanos(scheduler.idlers().othersAwake(index) ? LOOK_AGAIN_NANOS : GLANCE_NANOS);
        }
    }

    private @Nullable EventedTask<?> next() {
        residentNext = !residentNext;
        EventedTask<?> task = residentNext ? resident.poll() : local.poll();
        if (task == null) {
            task = residentNext ? local.poll() : resident.poll();
        }
        return task != null || !scheduler.isStealing() ? task : steal();
    }

    private @Nullable EventedTask<?> steal() {
        int count = scheduler.workerCount();
        for (int i = 1; i < count; i++) {
            EventedTask<?> stolen = local.stealFrom(scheduler.worker((index + i) % count).local);
            if (stolen != null) {
                return stolen;
            }
        }
        return null;
    }

    @Override
    public boolean hasReady() {
        if (!inbox.isEmpty() || !local.isEmpty() || !resident.isEmpty()) {
            return true;
        }
        if (!scheduler.isStealing()) {
            return false;
        }
        announced = true;
        scheduler.idlers().enter(index); // then look: the partner of the fence in pushLocal()
        if (othersHaveSpareTasks()) {
            return true;
        }
        return false;
    }

    private boolean othersHaveSpareTasks() {
        int count = scheduler.workerCount();
        for (int i = 1; i < count; i++) {
            if (scheduler.worker((index + i) % count).local.size() > 1) {
                return true;
            }
        }
        return false;
    }

    private void leaveIdlers() {
        if (announced) {
            announced = false;
            scheduler.idlers().leave(index);
        }
    }

    // ---------------------------------------------------------------- the rest; any thread

    EventLoop loop() {
        return loop;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    void stop() {
        loop.stop();
    }

    /** Waits for the end of the thread; false if it goes on for longer than that. */
    boolean join(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(deadline - System.nanoTime()));
                } catch (InterruptedException notNow) {
                    interrupted = true; // closing is not ended by it
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return thread.getName();
    }
}
