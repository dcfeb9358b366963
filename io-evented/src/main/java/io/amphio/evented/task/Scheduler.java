package io.amphio.evented.task;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Placement;
import io.amphio.TaskOptions;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.evented.loop.EventLoop;
import io.amphio.spi.BodyTask;
import io.amphio.spi.Task;
import io.amphio.spi.TaskDump;
import io.amphio.spi.TaskRegistry;
import io.amphio.spi.Timers;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one evented {@code Io}, and the workers that run them.
 *
 * <p>Where {@code java.lang} is not open, tasks are stock virtual threads: the JDK schedules them, the workers only poll, and
 * everything here that concerns queues is idle.
 *
 * <p><b>Threads:</b> every method may be called from any thread.
 */
public final class Scheduler {
    private final SchedulerBridge bridge;
    private final boolean stealing;
    private final int concurrentLimit;
    private final SchedulerSettings settings;
    private final Worker[] workers;
    private final List<Worker> spares = new ArrayList<>(); // @GuardedBy("spares")
    private boolean sparesClosed; // @GuardedBy("spares")
    private final @Nullable Watchdog watchdog;
    private final Idlers idlers;
    private final TaskRegistry registry = new TaskRegistry();
    private final AtomicInteger nextForTask = new AtomicInteger();
    private final AtomicInteger nextForLoop = new AtomicInteger(); // apart, or a socket for each task skips loops
    private final AtomicInteger concurrent = new AtomicInteger();
    private volatile boolean tasksWereLeft; // by close(); from then on the last of them stops the workers

    /**
     * Creates the workers, and starts them.
     *
     * @param bridge who schedules coroutines
     * @param settings how many workers there are, and what they do
     */
    public Scheduler(SchedulerBridge bridge, SchedulerSettings settings) throws IOException {
        if (bridge.mode() == SchedulerBridge.Mode.OWN) {
            TaskThreads.areFound();
        }
        this.bridge = bridge;
        this.settings = settings;
        this.stealing = settings.stealing();
        this.concurrentLimit = settings.concurrentLimit();
        this.idlers = new Idlers(settings.loops());
        this.workers = new Worker[settings.loops()];
        openWorkers();
        this.watchdog = isWatched() ? new Watchdog(this, settings.stuckAfterNanos(), settings.spares()) : null;
        for (Worker worker : workers) {
            worker.start();
        }
        if (watchdog != null) {
            watchdog.start();
        }
    }

    private void openWorkers() throws IOException {
        int open = 0;
        try {
            while (open < workers.length) {
                workers[open] = Worker.ordinary(this, open, settings.backend(), settings.stackBytes());
                open++;
            }
        } finally {
            for (int i = 0; i < open && open < workers.length; i++) {
                workers[i].loop().close(); // no descriptor was left for the next one, say; none of them runs yet
            }
        }
    }

    /** Returns whether a spare may stand in for a worker: only where tasks run on workers. */
    boolean isWatched() {
        return settings.stuckAfterNanos() > 0 && settings.spares() > 0 && bridge.mode() == SchedulerBridge.Mode.OWN;
    }

    /** Starts a spare; null if this is closed. */
    @Nullable
    Worker addSpare(int number) throws IOException {
        Worker spare = Worker.spare(this, number, settings.backend(), settings.stackBytes());
        synchronized (spares) {
            if (sparesClosed) {
                spare.loop().close(); // it was never run
                return null;
            }
            try {
                spare.start();
            } catch (OutOfMemoryError noThread) {
                spare.loop().close();
                throw noThread;
            }
            spares.add(spare);
        }
        return spare;
    }

    // ---------------------------------------------------------------- tasks

    /** Starts a task. Throws {@link IllegalStateException} once this is closed. */
    public <T extends @Nullable Object> Future<T> start(TaskOptions options, CheckedFunction0<? extends T> body) {
        return start(options, body, false);
    }

    /** Starts a task unless there are as many as the limit says. */
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> startConcurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        Objects.requireNonNull(body, "concurrent: the body is null");
        if (concurrentLimit == Integer.MAX_VALUE) {
            return Either.right(start(options, body, false));
        }
        if (concurrent.incrementAndGet() > concurrentLimit) {
            concurrent.decrementAndGet();
            return Either.left(new ConcurrencyUnavailable("the limit of " + concurrentLimit
                    + " concurrent tasks is reached; raise concurrent-limit or wait for one to end"));
        }
        return Either.right(start(options, body, true));
    }

    private <T extends @Nullable Object> Future<T> start(
            TaskOptions options, CheckedFunction0<? extends T> body, boolean counted) {
        Worker here = ordinary(currentWorker());
        Placement placement = options.placement();
        boolean stays = !stealing || (placement == Placement.SAME_LOOP && here != null);
        boolean near =
                here != null && (placement == Placement.SAME_LOOP || (stealing && placement == Placement.ANYWHERE));
        EventedTask<T> task =
                new EventedTask<>(this, options, body, here != null && near ? here : next(nextForTask), stays, counted);
        if (!registry.add(task)) {
            var closed = new IllegalStateException("start of " + task.name() + ": the runtime is closed");
            task.fail(closed);
            throw closed;
        }
        task.start(near);
        return task.future();
    }

    /** Where a task that is started on a worker may live: a spare is nobody's home, it is there for a while. */
    private @Nullable Worker ordinary(@Nullable Worker here) {
        if (here == null || !here.isSpare()) {
            return here;
        }
        Worker home = Task.peek() instanceof EventedTask<?> starter ? starter.home() : null;
        return home != null ? home : next(nextForTask);
    }

    /** Returns one worker after the other, but for those that are stuck, unless all are. */
    private Worker next(AtomicInteger turn) {
        Worker chosen = null;
        for (int i = 0; i < workers.length && (chosen == null || chosen.isStuck()); i++) {
            chosen = workers[(turn.getAndIncrement() & Integer.MAX_VALUE) % workers.length];
        }
        return Objects.requireNonNull(chosen);
    }

    void giveBackUnit() {
        concurrent.decrementAndGet();
    }

    void ended(EventedTask<?> task) {
        registry.remove(task);
        if (tasksWereLeft) {
            stopOnceEmpty();
        }
    }

    // ---------------------------------------------------------------- where tasks run

    /** Returns the worker on whose thread the caller runs, in a task or in a callback; null anywhere else. */
    @Nullable
    Worker currentWorker() {
        return workerOf(Task.peek());
    }

    private @Nullable Worker workerOf(@Nullable Task current) {
        if (current instanceof EventedTask<?> task) { // no switch over patterns: each wake-up comes by here
            return task.scheduler() == this && task.isCarried() ? task.worker() : null;
        }
        if (current instanceof Worker.OwnThread loopThread
                && loopThread.worker().scheduler() == this) {
            return loopThread.worker();
        }
        return null;
    }

    /** Queues a task that has become ready. Neither blocks nor throws: the caller is in the middle of an unpark. */
    void ready(EventedTask<?> task, boolean isNew) {
        Task waker = Task.peek();
        Worker here = workerOf(waker);
        Worker home = task.home();
        if (home != null || here == null) {
            readyAt(task, home != null ? home : task.worker(), here);
        } else if (!isNew && waker instanceof EventedTask<?>) { // not by I/O, which wakes in batches
            here.pushWoken(task);
        } else {
            here.pushLocal(task);
        }
    }

    /** Queues a task that has become ready at {@code there}, as {@link #ready} does. */
    void readyAt(EventedTask<?> task, Worker there) {
        readyAt(task, there, currentWorker());
    }

    private static void readyAt(EventedTask<?> task, Worker there, @Nullable Worker here) {
        if (there != here) {
            there.pushFromAfar(task);
        } else if (task.home() != null) {
            there.pushResident(task);
        } else {
            there.pushLocal(task);
        }
    }

    /** Queues a task that is ready on a spare without wards where it belongs. */
    void passOn(EventedTask<?> task) {
        Worker home = task.home();
        (home != null ? home : next(nextForTask)).pushFromAfar(task);
    }

    /** A worker has more to do than one task: somebody who sleeps may help. */
    void callForHelp() {
        int idler = idlers.takeOne();
        if (idler >= 0) {
            workers[idler].loop().wake();
        }
    }

    Idlers idlers() {
        return idlers;
    }

    boolean isStealing() {
        return stealing;
    }

    SchedulerBridge bridge() {
        return bridge;
    }

    int workerCount() {
        return workers.length;
    }

    Worker worker(int index) {
        return workers[index];
    }

    /** Returns the loop to use from here: that of the current worker, or one after the other. */
    public EventLoop loop() {
        Worker here = currentWorker();
        return (here != null ? here : next(nextForLoop)).loop();
    }

    /** Returns what each worker has counted, the spares behind the others. */
    public List<WorkerCounts> counts() {
        List<Worker> all = new ArrayList<>(List.of(workers));
        synchronized (spares) {
            all.addAll(spares);
        }
        return all.stream().map(Worker::counts).toList();
    }

    /** Returns timers that fire on these loops. */
    public Timers timers() {
        return new LoopTimers(this);
    }

    @Override
    public String toString() {
        return workers.length + " loops, " + bridge.mode() + (stealing ? ", stealing" : ", pinned");
    }

    // ---------------------------------------------------------------- the end

    List<BodyTask<?>> tasks() {
        return registry.tasks();
    }

    /** Returns the tasks that have not ended, for people to read. */
    public String dumpTasks() {
        return TaskDump.of("evented", registry);
    }

    /**
     * Cancels all tasks, waits for them, and stops the workers, unless tasks are left: see {@link io.amphio.spi.IoProvider.Instance#close}.
     *
     * @param grace how long to wait before the request is repeated, and once more after that
     * @param lastly what to do between the end of the tasks and that of the workers
     */
    public void close(Duration grace, Runnable lastly) {
        registry.close();
        registry.tasks().forEach(Task::requestCancel);
        long nanos = grace.toNanos();
        boolean allEnded = registry.awaitEmpty(System.nanoTime() + nanos);
        if (!allEnded) {
            registry.tasks().forEach(Task::repeatCancel);
            allEnded = registry.awaitEmpty(System.nanoTime() + nanos);
        }
        String left = allEnded ? "" : dumpTasks();
        lastly.run();
        if (!allEnded) {
            tasksWereLeft = true;
            stopOnceEmpty(); // the last may have ended before it could see that
            throw new IllegalStateException(
                    "close: tasks were left running after two grace periods of " + grace + "\n" + left);
        }
        List<String> stuck = new ArrayList<>();
        List<Worker> stopped = stopWorkers();
        if (watchdog != null) {
            watchdog.join(nanos);
        }
        for (Worker worker : stopped) {
            if (!worker.join(nanos)) {
                stuck.add(worker.toString());
            }
        }
        if (!stuck.isEmpty()) {
            throw new IllegalStateException("close: all tasks have ended, but these loops have not: " + stuck);
        }
    }

    /** A task that is left goes on to its end, and who awaits it does not wait for ever, so somebody has to run it. */
    private void stopOnceEmpty() {
        if (registry.tasks().isEmpty()) {
            stopWorkers();
        }
    }

    private List<Worker> stopWorkers() {
        List<Worker> all = new ArrayList<>(List.of(workers));
        if (watchdog != null) {
            watchdog.stop();
        }
        synchronized (spares) {
            sparesClosed = true;
            all.addAll(spares);
        }
        all.forEach(Worker::stop);
        return all;
    }
}
