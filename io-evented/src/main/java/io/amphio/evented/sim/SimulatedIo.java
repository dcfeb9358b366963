package io.amphio.evented.sim;

import io.amphio.Io;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program in a simulated world, for tests of what is otherwise left to luck: the order in which tasks run, when a message
 * arrives, which of two deadlines passes first, what a peer does that resets.
 *
 * <pre>{@code
 * @Test
 * void no_message_is_lost() {
 *     SimulatedIo.explore(1_000, io -> {        // 1,000 seeds, each with and without faults
 *         try (var server = io.net().listen(address)) { … }
 *     });
 * }
 * }</pre>
 *
 * <p>All tasks run on one thread, one at a time; whenever one waits, and now and then when it only could have waited, the seed
 * decides who is next. The clock stands still while something can happen and jumps when nothing can, so a program that
 * sleeps for a day ends at once. The network is memory: connections with latency, limited buffers, half-close, reset.
 *
 * <p><b>Again.</b> The same seed makes the same run: with the same build and JVM flags, of code that waits, tells the time and
 * takes its chances only by its {@code Io}, and orders nothing by identity (an iteration over {@link java.util.HashSet} or
 * {@link java.util.Map#of} does). {@link #replay} checks it step by step. A task that is woken from another thread fails the run.
 *
 * <p><b>A failure</b> is a {@link SimulationFailure} with the seed and the plan of faults as code to be pasted. Deadlocks are
 * failures, at once and with all tasks and what they wait for; so is what the program leaves open.
 *
 * <p><b>Not for</b> code that blocks its thread, data races between threads (tasks here never run in parallel), speed, and what
 * only a real kernel does. {@code io.call} runs its body inside the world, so a body that waits for the real world is out of
 * place.
 *
 * <p><b>Without opened {@code java.lang}</b> ({@link SchedulerBridge}) the same seed makes the same run, of the same hash. But what
 * a task does by means of the JDK alone, say to wait for a latch, is then not seen: the world stands still until it is over.
 *
 * <p><b>Threads:</b> any but those of a simulation; the caller waits until the run has ended.
 */
public final class SimulatedIo {
    private SimulatedIo() {}

    /** What is run in a simulated world: its main task. */
    @FunctionalInterface
    public interface Program {
        /**
         * Runs the program.
         *
         * @param io the world; good until this returns
         * @throws Exception whatever makes the run a failure
         */
        void run(Io io) throws Exception;
    }

    /**
     * Runs {@code program} once, with nothing going wrong. The tasks that it leaves are canceled when it has ended.
     *
     * @param seed decides all that chance would
     * @param program the main task
     * @return what there is to know of the run
     * @throws SimulationFailure if it fails
     */
    public static SimulationRun run(long seed, Program program) {
        return run(seed, FaultPlan.NONE, program);
    }

    /**
     * Runs {@code program} once.
     *
     * @param seed decides all that chance would
     * @param plan what goes wrong
     * @param program the main task; if the plan cancels it, it may end by that
     * @return what there is to know of the run
     * @throws SimulationFailure if it fails
     */
    public static SimulationRun run(long seed, FaultPlan plan, Program program) {
        return run(SimulationOptions.DEFAULT, seed, plan, program);
    }

    /** Runs {@code program} once, in a world as {@code options} describe it; see {@link #run(long, FaultPlan, Program)}. */
    public static SimulationRun run(SimulationOptions options, long seed, FaultPlan plan, Program program) {
        return run(options, SchedulerBridge.open(), seed, plan, null, program);
    }

    /**
     * Runs {@code program} with each of the seeds from 0 on, once without faults and once with a random plan of harmless ones,
     * as {@link #explore(SimulationOptions, int, Program)} does.
     */
    public static void explore(int seeds, Program program) {
        explore(SimulationOptions.DEFAULT, seeds, program);
    }

    /**
     * Looks for a seed, and a plan of faults, with which {@code program} fails. A plan that it fails with is made as small as it
     * can be before it is reported.
     *
     * <p>The system property {@code amphio.sim.seed} begins at another seed, and {@code amphio.sim.seeds} sets how many:
     * for a search at night that is longer than that of each build.
     *
     * @param options the world, and which kinds of faults to plan
     * @param seeds how many, 1 or more
     * @param program the main task, run many times
     * @throws SimulationFailure of the first run that fails
     */
    public static void explore(SimulationOptions options, int seeds, Program program) {
        new Exploration(options, SchedulerBridge.open(), program)
                .explore(Long.getLong("amphio.sim.seed", 0), Integer.getInteger("amphio.sim.seeds", seeds));
    }

    /**
     * Runs {@code program} again as in {@code recorded}, and compares each step.
     *
     * @param recorded a run of the same program
     * @param program the main task
     * @return the new run, equal to the recorded one
     * @throws SimulationFailure at the first step that is another one, which it names; or if it fails
     */
    public static SimulationRun replay(SimulationRun recorded, Program program) {
        return run(
                recorded.options(),
                SchedulerBridge.open(),
                recorded.seed(),
                recorded.plan(),
                recorded.trace(),
                program);
    }

    static SimulationRun run(
            SimulationOptions options,
            SchedulerBridge bridge,
            long seed,
            FaultPlan plan,
            @Nullable Trace expected,
            Program program) {
        Objects.requireNonNull(program, "the program is null");
        if (Task.peek() instanceof SimulatedTask<?> || Task.peek() instanceof LoopThread) {
            throw new IllegalStateException("a simulation inside of a simulation, or on an event loop's thread");
        }
        World world = new World(options, bridge, seed, plan, expected, program);
        world.run();
        Verdict.Failed failed = world.verdict().failed();
        if (failed != null) {
            throw new SimulationFailure(
                    failed.kind(), seed, plan, message(failed, seed, plan, options), failed.cause());
        }
        return new SimulationRun(
                options,
                seed,
                plan,
                world.trace(),
                world.elapsed(),
                world.rules().faults());
    }

    private static String message(Verdict.Failed failed, long seed, FaultPlan plan, SimulationOptions options) {
        String world = options.equals(SimulationOptions.DEFAULT) ? "" : "options, ";
        return failed.text().stripTrailing() + "\nat step " + failed.step() + " and " + failed.nanos() + " ns of seed "
                + seed + "; to have it again: SimulatedIo.run(" + world + seed + ", " + plan + ", io -> …)";
    }
}
