package io.amphio.evented.sim;

import io.amphio.TaskOptions;
import io.amphio.evented.backend.sim.SimKernel;
import io.amphio.evented.backend.sim.SimProvider;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.evented.loop.WorkPool;
import io.amphio.net.ResolverOptions;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import io.vavr.CheckedFunction0;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One simulated run: its thread, its event loop on a simulated kernel, its tasks, and how it ends.
 *
 * <pre>
 *   phase     event                              next      and then
 *   -------   --------------------------------   -------   -------------------------------------------------------
 *   RUNNING   the main task ends                 ENDING    all other tasks are canceled
 *   RUNNING   nothing can happen any more        ENDING    a deadlock: the run has failed; all tasks are canceled
 *   RUNNING   any other failure                  ENDING    all tasks are canceled
 *   ENDING    nothing can happen any more        AGAIN     the tasks that are left are canceled once more
 *   AGAIN     nothing can happen any more        OVER      they are left as they are: the run has failed
 *   any       no task is left                    OVER      the loop stops
 * </pre>
 *
 * <p>The first failure is the one that counts ({@link Verdict}). From then on no fault is injected.
 *
 * <p><b>Threads:</b> its own, and that of the task it runs, one at a time, unless a method says otherwise.
 */
final class World {
    private static final long STACK_BYTES = 8L << 20;
    private static final int STEPS_TO_END_IN = 100_000; // after a failure

    private enum Phase {
        RUNNING,
        ENDING,
        AGAIN,
        OVER
    }

    private final SimulationOptions options;
    private final SchedulerBridge bridge;
    private final Verdict verdict;
    private final Rules rules;
    private final WorldRandom random;
    private final SimKernel kernel;
    private final Schedule schedule = new Schedule(this);
    private final SimulatedInstance root;
    private final EventLoop loop;
    private final Thread thread;

    private final Set<SimulatedTask<?>> alive = new LinkedHashSet<>(); // in the order in which they were started
    private Phase phase = Phase.RUNNING;
    private int stepsWhileEnding;
    private @Nullable SimulatedTask<?> main;

    @SuppressWarnings("this-escape") // nothing runs before start()
    World(
            SimulationOptions options,
            SchedulerBridge bridge,
            long seed,
            FaultPlan plan,
            @Nullable Trace expected,
            SimulatedIo.Program program) {
        this.options = options;
        this.bridge = bridge;
        this.random = new WorldRandom(this, seed);
        this.rules = new Rules(this, seed, plan, options);
        this.kernel = new SimKernel(rules, options.bufferBytes());
        this.verdict = new Verdict(expected, kernel::nanoTime);
        this.root = new SimulatedInstance(this);
        this.loop = openLoop();
        this.thread = new Thread(null, () -> live(program), "amphio-simulation", STACK_BYTES, false);
        thread.setDaemon(true);
    }

    private EventLoop openLoop() {
        try {
            return EventLoop.open(
                    EventLoopOptions.DEFAULT
                            .withName("simulation")
                            .withWork(schedule)
                            .withPool(WorkPool.inPlace())
                            .withWallClock(root.clock()::now)
                            .withOnFailure((_, thrown) -> verdict.fail(
                                    SimulationFailure.Kind.INTERNAL, "a callback threw " + thrown, thrown)),
                    new SimProvider(kernel));
        } catch (IOException e) {
            throw new UncheckedIOException("open a simulation", e);
        }
    }

    WorldRandom random() {
        return random;
    }

    // ---------------------------------------------------------------- its life

    /** Runs it to its end, while the calling thread, which is another one, waits. */
    void run() {
        thread.start();
        boolean interrupted = false;
        try {
            int steps = -1;
            while (true) {
                try {
                    if (thread.join(options.stallLimit())) {
                        return;
                    }
                    if (trace().steps() == steps) {
                        stalled();
                        return;
                    }
                    steps = trace().steps();
                } catch (InterruptedException e) {
                    interrupted = true;
                    verdict.fail(
                            SimulationFailure.Kind.OUTSIDE,
                            "the thread that waits for the simulation was interrupted",
                            e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stalled() {
        SimulatedTask<?> task = schedule.running();
        if (task == null) {
            verdict.stalled(options.stallLimit(), "the loop", thread);
        } else {
            verdict.stalled(options.stallLimit(), trace().task(task.number()), task.bodyThread());
        }
    }

    private void live(SimulatedIo.Program program) {
        Task.enter(new LoopThread("simulation"));
        try {
            root.startMain(program);
            loop.run();
        } catch (Throwable thrown) {
            verdict.fail(SimulationFailure.Kind.INTERNAL, "the simulation failed: " + thrown, thrown);
        } finally {
            loop.close();
        }
        verdict.end(kernel.open());
    }

    // ---------------------------------------------------------------- tasks

    <T extends @Nullable Object> SimulatedTask<T> newTask(
            SimulatedInstance instance, TaskOptions taskOptions, CheckedFunction0<? extends T> body) {
        requireInside("start of a task");
        return SimulatedTask.create(this, instance, taskOptions, body);
    }

    void begin(SimulatedTask<?> task) {
        alive.add(task);
        if (phase != Phase.RUNNING && main != task) {
            task.requestCancel(); // of another runtime in this world, whose end is near too
        }
        task.begin();
    }

    void setMain(SimulatedTask<?> task) {
        main = task;
    }

    boolean isMain(SimulatedTask<?> task) {
        return task == main;
    }

    void ended(SimulatedTask<?> task) {
        task.instance().ended(task);
        alive.remove(task);
        if (task == main) {
            verdict.mainEnded(task.future().outcome(), rules.faults().hasCanceledMain());
            if (phase == Phase.RUNNING) {
                end();
            }
        }
        if (alive.isEmpty() && phase != Phase.RUNNING) {
            over();
        }
    }

    private void end() {
        phase = Phase.ENDING;
        if (verdict.hasFailed()) {
            rules.faults().end();
        }
        root.refuseMore();
        new ArrayList<>(alive).forEach(Task::requestCancel);
    }

    private void over() {
        phase = Phase.OVER;
        loop.stop();
    }

    /** Nothing is ready, on its way, or timed. */
    void idle() {
        switch (phase) {
            case RUNNING -> {
                verdict.deadlock(dump());
                end();
            }
            case ENDING -> {
                phase = Phase.AGAIN;
                new ArrayList<>(alive).forEach(Task::repeatCancel);
            }
            case AGAIN, OVER -> {
                verdict.leftRunning(dump());
                over();
            }
        }
    }

    private String dump() {
        StringBuilder text = new StringBuilder(root.dumpTasks());
        for (SimulatedTask<?> task : alive) {
            if (task.waitsFor() == null) {
                text.append(trace().task(task.number()))
                        .append(" waits by other means than its Io: who wakes it has to be in this simulation, too\n");
            }
        }
        return text.toString();
    }

    // ---------------------------------------------------------------- steps

    /** Returns whether the schedule may run a task; brings a failed run to its end. */
    boolean mayGoOn() {
        if (!verdict.hasFailed()) {
            if (trace().steps() < options.stepLimit()) {
                return phase != Phase.OVER;
            }
            verdict.livelock(dump());
        }
        if (phase == Phase.RUNNING) {
            end();
        }
        if (++stepsWhileEnding > STEPS_TO_END_IN) {
            over();
        }
        return phase != Phase.OVER;
    }

    /** Any thread but the world's: it has made {@code task} ready. */
    void wokenFromOutside(SimulatedTask<?> task) {
        verdict.outside(trace().task(task.number()) + " was woken");
    }

    /** Any thread: throws unless it is the world's. */
    void requireInside(String what) {
        requireInside(what, null);
    }

    /** Any thread: as above, of something that is named only if it comes to that. */
    void requireInside(String what, @Nullable Object of) {
        if (!schedule.isInside()) {
            throw verdict.outside(of == null ? what : what + " of " + of);
        }
    }

    // ---------------------------------------------------------------- its parts

    SchedulerBridge bridge() {
        return bridge;
    }

    Verdict verdict() {
        return verdict;
    }

    Trace trace() {
        return verdict.trace();
    }

    Rules rules() {
        return rules;
    }

    Schedule schedule() {
        return schedule;
    }

    ResolverOptions resolver() {
        return options.resolver();
    }

    SimKernel kernel() {
        return kernel;
    }

    EventLoop loop() {
        return loop;
    }

    Thread thread() {
        return thread;
    }

    Duration elapsed() {
        return Duration.ofNanos(kernel.nanoTime());
    }
}
