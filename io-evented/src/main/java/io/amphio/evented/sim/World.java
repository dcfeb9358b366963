package io.amphio.evented.sim;

import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.sim.SimKernel;
import io.amphio.evented.backend.sim.SimProvider;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.EventLoopOptions;
import io.amphio.evented.loop.WorkPool;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
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
 * <p>The first failure is the one that counts. From then on nothing is recorded and no fault is injected.
 *
 * <p><b>Threads:</b> its own, and that of the task it runs, one at a time, unless a method says otherwise.
 */
final class World {
    private static final long STACK_BYTES = 8L << 20;
    private static final int STEPS_TO_END_IN = 100_000; // after a failure
    private static final int STEPS_TO_SHOW = 8;

    private enum Phase {
        RUNNING,
        ENDING,
        AGAIN,
        OVER
    }

    /** What went wrong first. */
    record Failed(
            SimulationFailure.Kind kind,
            String text,
            @Nullable Throwable cause,
            int step,
            long nanos) {}

    private final SimulationOptions options;
    private final SchedulerBridge bridge;
    private final @Nullable Trace expected;
    private final Trace trace = new Trace();
    private final Rules rules;
    private final SimKernel kernel;
    private final Schedule schedule = new Schedule(this);
    private final SimulatedInstance root;
    private final EventLoop loop;
    private final Thread thread;

    private final Set<SimulatedTask<?>> alive = new LinkedHashSet<>(); // in the order in which they were started
    private final AtomicReference<@Nullable Failed> failure = new AtomicReference<>(); // any thread, once
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
        this.expected = expected;
        this.rules = new Rules(this, seed, plan, options);
        this.kernel = new SimKernel(rules, options.bufferBytes());
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
                            .withOnFailure(
                                    (_, thrown) -> fail(SimulationFailure.Kind.INTERNAL, "a callback threw", thrown)),
                    new SimProvider(kernel));
        } catch (IOException e) {
            throw new UncheckedIOException("open a simulation", e);
        }
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
                    if (trace.steps() == steps) {
                        stalled();
                        return;
                    }
                    steps = trace.steps();
                } catch (InterruptedException e) {
                    interrupted = true;
                    fail(SimulationFailure.Kind.OUTSIDE, "the thread that waits for the simulation was interrupted", e);
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
        StringBuilder text = new StringBuilder();
        text.append("one step has taken more than ")
                .append(options.stallLimit())
                .append(": ");
        text.append(task == null ? "the loop" : trace.task(task.number())).append(" blocks its thread by other means");
        text.append(" than its Io, or computes for ever\n");
        Thread blocked = task == null ? thread : task.bodyThread();
        for (StackTraceElement frame : blocked.getStackTrace()) {
            text.append("    at ").append(frame).append('\n');
        }
        fail(SimulationFailure.Kind.STALLED, text.toString(), null);
    }

    private void live(SimulatedIo.Program program) {
        Task.enter(new LoopThread("simulation"));
        Future<?> outcome = null;
        try {
            outcome = root.startMain(program);
            loop.run();
        } catch (Throwable thrown) {
            fail(SimulationFailure.Kind.INTERNAL, "the simulation failed", thrown);
        } finally {
            loop.close();
        }
        if (outcome != null) {
            judge(outcome.outcome());
        }
        if (expected != null && expected.steps() > trace.steps()) {
            diverged(trace.steps() + 1);
        }
    }

    private void judge(@Nullable Outcome<?> outcome) {
        switch (outcome) {
            case Outcome.Failure<?>(Throwable thrown) ->
                fail(SimulationFailure.Kind.PROGRAM, "the program threw " + thrown, thrown);
            case Outcome.Canceled<?>(Throwable canceled)
            when !rules.faults().hasCanceledMain() ->
                fail(SimulationFailure.Kind.PROGRAM, "the program was canceled", canceled);
            case null, default -> {}
        }
        List<String> open = kernel.open();
        if (!open.isEmpty()) {
            fail(SimulationFailure.Kind.LEAK, "the program ended and left open:\n  " + String.join("\n  ", open), null);
        }
    }

    // ---------------------------------------------------------------- tasks

    <T extends @Nullable Object> SimulatedTask<T> newTask(
            SimulatedInstance instance, TaskOptions taskOptions, io.vavr.CheckedFunction0<? extends T> body) {
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
        if (task == main && phase == Phase.RUNNING) {
            end();
        }
        if (alive.isEmpty() && phase != Phase.RUNNING) {
            over();
        }
    }

    private void end() {
        phase = Phase.ENDING;
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
                fail(
                        SimulationFailure.Kind.DEADLOCK,
                        "deadlock: nothing is ready and nothing will ever happen\n" + dump(),
                        null);
                end();
            }
            case ENDING -> {
                phase = Phase.AGAIN;
                new ArrayList<>(alive).forEach(Task::repeatCancel);
            }
            case AGAIN, OVER -> {
                fail(
                        SimulationFailure.Kind.LEFT_RUNNING,
                        "the program ended, and these tasks would not, though they were" + " canceled twice\n" + dump(),
                        null);
                over();
            }
        }
    }

    private String dump() {
        StringBuilder text = new StringBuilder(root.dumpTasks());
        for (SimulatedTask<?> task : alive) {
            if (task.waitsFor() == null) {
                text.append(trace.task(task.number()))
                        .append(" waits by other means than its Io: who wakes it has to be in this simulation, too\n");
            }
        }
        return text.toString();
    }

    // ---------------------------------------------------------------- steps

    /** Returns whether the schedule may run a task; brings a failed run to its end. */
    boolean mayGoOn() {
        if (failure.get() == null) {
            if (trace.steps() < options.stepLimit()) {
                return phase != Phase.OVER;
            }
            fail(
                    SimulationFailure.Kind.LIVELOCK,
                    "no end after " + trace.steps() + " steps; the last were\n" + trace.tail(STEPS_TO_SHOW) + dump(),
                    null);
        }
        if (phase == Phase.RUNNING) {
            end();
        }
        if (++stepsWhileEnding > STEPS_TO_END_IN) {
            over();
        }
        return phase != Phase.OVER;
    }

    void ran(SimulatedTask<?> task) {
        if (failure.get() == null) {
            trace.ran(task.number(), kernel.nanoTime());
            compare();
        }
    }

    void completed(Operation operation, int descriptor) {
        if (failure.get() == null) {
            trace.completed(operation, descriptor, kernel.nanoTime());
            compare();
        }
    }

    private void compare() {
        if (expected != null && trace.differsFrom(expected)) {
            diverged(trace.steps());
        }
    }

    private void diverged(int step) {
        Trace recorded = expected;
        if (recorded != null) {
            fail(
                    SimulationFailure.Kind.DIVERGED,
                    "the replay diverges at step " + step + ": recorded was \""
                            + recorded.describe(step) + "\", and now \"" + trace.describe(step)
                            + "\"; something in the program does not come from its Io: time, chance, the order of a hash set,"
                            + " another thread",
                    null);
        }
    }

    // ---------------------------------------------------------------- failures

    /** Any thread: the run has failed, unless it had before. */
    void fail(SimulationFailure.Kind kind, String text, @Nullable Throwable cause) {
        if (failure.compareAndSet(null, new Failed(kind, text, cause, trace.steps(), kernel.nanoTime()))
                && Thread.currentThread() == thread) {
            rules.faults().end();
        }
    }

    @Nullable
    Failed failure() {
        return failure.get();
    }

    /** Any thread but the world's: it has made {@code task} ready. */
    void wokenFromOutside(SimulatedTask<?> task) {
        Thread current = Thread.currentThread();
        Throwable who = new IllegalStateException(
                trace.task(task.number()) + " was woken by " + current + ", which is no part of this simulation");
        fail(
                SimulationFailure.Kind.OUTSIDE,
                who.getMessage() + "; a run could not be had again. Sleep, wait and take"
                        + " chances by means of the Io only",
                who);
    }

    /** Any thread: throws unless it is the world's. */
    void requireInside(String what) {
        if (!schedule.isInside()) {
            IllegalStateException refused = new IllegalStateException(
                    what + " by " + Thread.currentThread() + ", which is no part of this simulation");
            fail(SimulationFailure.Kind.OUTSIDE, String.valueOf(refused.getMessage()), refused);
            throw refused;
        }
    }

    // ---------------------------------------------------------------- its parts

    SchedulerBridge bridge() {
        return bridge;
    }

    Trace trace() {
        return trace;
    }

    Rules rules() {
        return rules;
    }

    Schedule schedule() {
        return schedule;
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
