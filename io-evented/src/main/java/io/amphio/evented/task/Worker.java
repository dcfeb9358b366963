package io.amphio.evented.task;

import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.evented.loop.LoopTimer;
import io.amphio.evented.loop.LoopWork;
import io.amphio.evented.loop.Supervision;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
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
 * <p>So a task stays with its waker: what they share is warm there, and two that talk to each other need no other thread. The
 * first that a task wakes runs next ({@link LocalRunQueue}).
 * Only the local queue can be stolen from.
 *
 * <p>No ready task is forgotten while the loop sleeps: an inbox is filled first and the loop woken then, and the loop
 * announces its sleep first and looks into the inbox then ({@link LoopWork#hasReady}). The local and the resident queue are
 * filled by this thread alone, which is awake. What others have for it, {@link Surroundings} know.
 *
 * <p>While this thread is stuck in a task, a spare empties all three queues: each of them hands out an entry once, whoever takes
 * it ({@link Wards}). So tasks of one loop may run on two threads for a while, also those that never move otherwise.
 *
 * <p><b>Threads:</b> the worker's own, unless a method says otherwise. Code of a task that this worker carries runs on that
 * thread, too.
 */
final class Worker implements LoopWork {
    private static final int TASKS_PER_TURN = 64;
    private static final int TASKS_PER_READING = 8;
    private static final long TURN_NANOS = 200_000; // I/O and timers wait for no longer than this, give or take a task
    private static final VarHandle RUNNING;

    static {
        try {
            RUNNING = MethodHandles.lookup().findVarHandle(Worker.class, "running", EventedTask.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Scheduler scheduler;
    private final EventLoop loop;
    private final Supervision supervision;
    private final Thread thread;
    private final Surroundings surroundings;

    private final LocalRunQueue<EventedTask<?>> local = new LocalRunQueue<>();
    private final LocalRunQueue<EventedTask<?>> resident = new LocalRunQueue<>();
    private final TaskInbox inbox = new TaskInbox();
    private final LoopTimer lookAgain;
    private final WorkerCounters counters = new WorkerCounters();
    private boolean residentNext; // the two queues take turns
    private @Nullable EventedTask<?> running; // opaque: the watchdog wants to name it
    private volatile boolean stuck; // set by the watchdog, taken away by it or by this thread, once that moves

    /** An ordinary worker. */
    static Worker ordinary(Scheduler scheduler, int index, String backend, long stackBytes) throws IOException {
        return new Worker(scheduler, index, "amphio-loop-" + index, backend, stackBytes);
    }

    /** A worker that stands in for others. */
    static Worker spare(Scheduler scheduler, int number, String backend, long stackBytes) throws IOException {
        return new Worker(scheduler, -1, "amphio-spare-" + number, backend, stackBytes);
    }

    @SuppressWarnings("this-escape") // the loop keeps its work, and runs nothing before start()
    private Worker(Scheduler scheduler, int index, String name, String backend, long stackBytes) throws IOException {
        this.scheduler = scheduler;
        this.loop = EventLoop.open(
                EventLoopOptions.DEFAULT.withName(name).withBackend(backend).withWork(this));
        this.supervision = new Supervision(loop);
        this.lookAgain = new LoopTimer(loop, () -> {}); // the turn that it causes does the looking
        this.surroundings = index < 0 ? new Wards(this) : new Siblings(scheduler, index, local, counters);
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
            runLeftovers();
        }
    }

    /** What the end of the loop's operations has woken, or of a task whose body has ended and whose thread has not. */
    private void runLeftovers() {
        do {
            inbox.takeAll(this::takeIn);
            for (EventedTask<?> task = own(); task != null; task = own()) {
                run(task);
            }
        } while (!inbox.isEmpty());
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

    /** Queues a task that any worker may run, and that the task which this one runs has woken. */
    void pushWoken(EventedTask<?> task) {
        if (!local.tryPushNext(task)) {
            pushLocal(task);
        }
    }

    /** Queues a task that any worker may run. */
    void pushLocal(EventedTask<?> task) {
        local.push(task);
        if (scheduler.isStealing() && !isSpare() && local.size() > 1) {
            VarHandle.fullFence(); // the queue before the bits: the partner of the look in Siblings.hasMore()
            scheduler.callForHelp();
        }
    }

    /** Queues a task that only this worker may run. */
    void pushResident(EventedTask<?> task) {
        resident.push(task);
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
    public boolean sharesCustody() {
        return scheduler.isWatched();
    }

    @Override
    public boolean runReady() {
        moves();
        surroundings.turnBegins();
        inbox.takeAll(this::takeIn);
        boolean more = surroundings.runsTasks() ? runTasks() : passTasksOn();
        if (!more) {
            long nanos =
                    surroundings
                            .lookAgainNanos(); // not in hasReady(), where the loop has already chosen how long to sleep
            if (nanos >= 0) {
                lookAgain.setAfterNanos(nanos);
            }
        }
        return more;
    }

    private boolean runTasks() {
        long started = System.nanoTime();
        boolean more = true;
        int ran = 0;
        while (more && ran < TASKS_PER_TURN) {
            EventedTask<?> task = next();
            if (task == null) {
                more = false;
            } else {
                run(task);
                if (++ran % TASKS_PER_READING == 0 && System.nanoTime() - started > TURN_NANOS) {
                    break;
                }
            }
        }
        if (ran > 0) {
            RUNNING.setOpaque(this, null);
            counters.paused(System.nanoTime() - started);
        }
        return more && (!local.isEmpty() || !resident.isEmpty());
    }

    private void run(EventedTask<?> task) {
        RUNNING.setOpaque(this, task);
        boolean again = task.carryOn(this);
        counters.ranTask();
        moves();
        if (again) {
            takeIn(task);
        }
    }

    /** Ends its being stuck: from here on it looks after its queues again. */
    private void moves() {
        if (stuck) {
            stuck = false;
        }
    }

    /** A spare without wards: what became ready here, after its last run or by an operation of that time, belongs elsewhere. */
    private boolean passTasksOn() {
        for (EventedTask<?> task = own(); task != null; task = own()) {
            scheduler.passOn(task);
        }
        return false;
    }

    private @Nullable EventedTask<?> next() {
        EventedTask<?> task = own();
        return task != null ? task : surroundings.find();
    }

    private @Nullable EventedTask<?> own() {
        residentNext = !residentNext;
        EventedTask<?> task = residentNext ? resident.poll() : local.poll();
        return task != null ? task : residentNext ? local.poll() : resident.poll();
    }

    /** A spare without tasks of its own: takes what is ready on {@code ward}, and returns the first; null if nothing is. */
    @Nullable
    EventedTask<?> takeFrom(Worker ward) {
        ward.inbox.takeAll(this::takeIn);
        EventedTask<?> task = own();
        if (task == null) {
            task = ward.local.takeNext();
        }
        if (task == null) {
            task = local.stealFrom(ward.local);
        }
        return task != null ? task : resident.stealFrom(ward.resident);
    }

    @Override
    public boolean hasReady() {
        return !inbox.isEmpty() || !local.isEmpty() || !resident.isEmpty() || surroundings.hasMore();
    }

    // ---------------------------------------------------------------- the rest; any thread

    EventLoop loop() {
        return loop;
    }

    /** The loop, for who watches over it. */
    Supervision supervision() {
        return supervision;
    }

    Thread thread() {
        return thread;
    }

    boolean isSpare() {
        return surroundings instanceof Wards;
    }

    /** Those whom this spare stands in for. */
    Wards wards() {
        return (Wards) surroundings;
    }

    /** Lets the worker of {@code thief} take half of what may move, and returns the first of it; null if there is none. */
    @Nullable
    EventedTask<?> giveLocal(LocalRunQueue<EventedTask<?>> thief) {
        return thief.stealFrom(local);
    }

    /** Returns the task that runs next here, for a worker that has seen this one run the same task for long. */
    @Nullable
    EventedTask<?> giveNext() {
        return local.takeNext();
    }

    boolean hasNext() {
        return local.hasNext();
    }

    long tasksRun() {
        return counters.tasksRun();
    }

    /** Returns whether more may move than the one that most likely runs next. */
    boolean hasSpareTasks() {
        return local.size() > 1;
    }

    /** Returns a number that changes with each turn and with each task that was run. */
    long pulse() {
        return supervision.pulse() + counters.tasksRun();
    }

    /** Returns the task that it runs, or ran not long ago. */
    @Nullable
    EventedTask<?> running() {
        return (EventedTask<?>) RUNNING.getOpaque(this);
    }

    boolean isStuck() {
        return stuck;
    }

    /** The watchdog. */
    void setStuck(boolean now) {
        stuck = now;
    }

    /** The watchdog. */
    void countStuck() {
        counters.gotStuck();
    }

    void sawForeign() {
        counters.sawForeign();
    }

    WorkerCounts counts() {
        return new WorkerCounts(
                thread.getName(),
                isSpare(),
                stuck,
                loop.counts(),
                counters.tasksRun(),
                counters.steals(),
                counters.foreign(),
                counters.longestPauseNanos(),
                counters.stuckEpisodes());
    }

    Scheduler scheduler() {
        return scheduler;
    }

    void stop() {
        loop.stop();
    }

    /** Waits for the end of the thread; false if it goes on for longer than that. */
    boolean join(long nanos) {
        return join(thread, nanos);
    }

    static boolean join(Thread thread, long nanos) {
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
