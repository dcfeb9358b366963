package io.amphio.evented.sim;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.evented.dns.DnsResolver;
import io.amphio.evented.fs.EventedFs;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopTimer;
import io.amphio.evented.net.EventedNet;
import io.amphio.fs.Fs;
import io.amphio.net.Net;
import io.amphio.process.Processes;
import io.amphio.process.Signals;
import io.amphio.spi.Arm;
import io.amphio.spi.BlockingCalls;
import io.amphio.spi.IoProvider;
import io.amphio.spi.PooledBuffers;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.TaskDump;
import io.amphio.spi.TaskRegistry;
import io.amphio.spi.Timers;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.amphio.time.ClockId;
import io.amphio.time.ClockTime;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Io} in a simulated world; there may be several, with tasks of their own and the same loop.
 *
 * <p>A {@code call} runs its body on the task's own thread: nobody is held up by that, as no time passes meanwhile.
 *
 * <p><b>Threads:</b> the world's; whoever comes from outside is refused.
 */
final class SimulatedInstance implements IoProvider.Instance, Io {
    static final String NAME = "simulated";

    /** The wall-clock time at which every world begins. */
    static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

    private static final long FIRST_WALL_NANOS = ClockTime.of(BEGINNING).nanos();

    private final World world;
    private final TaskRegistry registry = new TaskRegistry(); // for dumps, and who is late
    private final Set<SimulatedTask<?>> tasks = new LinkedHashSet<>(); // in the order in which they were started
    private final SourceLock lock = new SourceLock();
    private final WaitQueue drained = new WaitQueue(); // @GuardedBy("lock")
    private final EventedNet net;
    private final EventedFs fs;
    private final Clock clock = new WorldClock();
    private final Timers timers = new WorldTimers();
    private final SecureRandom secureRandom;
    private final PooledBuffers buffers = new PooledBuffers();
    private final BlockingCalls calls = BlockingCalls.inPlace(NAME);

    SimulatedInstance(World world) {
        this.world = world;
        this.secureRandom = world.random().asSecure();
        this.net = new EventedNet(
                this::loop,
                new DnsResolver(
                        this, world.resolver(), bound -> world.rules().choose(bound), destination -> destination));
        this.fs = new EventedFs(this::loop, buffers);
    }

    private EventLoop loop() {
        world.requireInside("an operation");
        return world.loop();
    }

    @Override
    public Io io() {
        return this;
    }

    // ---------------------------------------------------------------- tasks

    Future<?> startMain(SimulatedIo.Program program) {
        SimulatedTask<Boolean> main = world.newTask(this, TaskOptions.named("main"), () -> {
            program.run(this);
            return true;
        });
        world.setMain(main);
        return begin(main);
    }

    private <T extends @Nullable Object> Future<T> begin(SimulatedTask<T> task) {
        if (!registry.add(task)) {
            var closed = new IllegalStateException("start of " + task.name() + ": the runtime is closed");
            task.fail(closed);
            throw closed;
        }
        tasks.add(task);
        world.begin(task);
        return task.future();
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        return begin(world.newTask(this, options, body));
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        return Either.right(async(options, body));
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        Task.current().yieldNow(); // as if another thread had to be found: somebody may come in between
        return calls.call(io, options, body);
    }

    /** A task of this has ended. */
    void ended(SimulatedTask<?> task) {
        registry.remove(task);
        tasks.remove(task);
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            if (tasks.isEmpty()) {
                woken = drained.pollAllClaimed();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    // ---------------------------------------------------------------- the world

    @Override
    public Net net() {
        return net;
    }

    @Override
    public Fs fs() {
        return fs;
    }

    @Override
    public Processes processes() {
        throw new UnsupportedOperationException(
                "processes in a simulation: what they do could not be had again; hand the program what it needs of them");
    }

    @Override
    public Signals signals() {
        throw new UnsupportedOperationException(
                "signals in a simulation: when they come could not be had again; hand the program an Event or a Channel");
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public RandomGenerator random() {
        return world.random();
    }

    @Override
    public SecureRandom secureRandom() {
        return secureRandom;
    }

    @Override
    public Buffers buffers() {
        return buffers;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    private final class WorldTimers implements Timers {
        @Override
        public Timer start(long deadlineNanos, Runnable action) {
            world.requireInside("a timer");
            LoopTimer timer = new LoopTimer(world.loop(), action);
            timer.setAtNanos(deadlineNanos);
            return timer::clear;
        }

        /** Nobody sets the clocks of a world, so each tells what the others will show. */
        @Override
        public Timer start(Clock by, ClockTime time, Runnable action) {
            long began = FIRST_WALL_NANOS;
            return switch (time.clock()) {
                case WALL -> start(time.nanos() < began ? 0 : time.nanos() - began, action);
                case BOOT -> start(time.nanos(), action);
                case AWAKE, PROCESS_CPU, THREAD_CPU -> Timers.super.start(by, time, action);
            };
        }
    }

    @Override
    public String dumpTasks() {
        return TaskDump.of(NAME, registry);
    }

    /** Reading it takes time, so that who looks at it until a deadline has passed comes to an end. */
    private final class WorldClock implements Clock {
        private static final long READING_NANOS = 100;

        private long readings; // the world's; what is asked from outside does not count

        @Override
        public long nanoTime() {
            if (world.schedule().isInside()) {
                world.kernel().pass(READING_NANOS);
                readings++;
            }
            return world.kernel().nanoTime();
        }

        @Override
        public Instant now() {
            return BEGINNING.plusNanos(nanoTime());
        }

        @Override
        public long read(ClockId asked) {
            long awake = nanoTime();
            return switch (asked) {
                case WALL -> FIRST_WALL_NANOS + awake;
                case AWAKE, BOOT -> awake; // it began when it was started, and nobody suspends it
                case PROCESS_CPU, THREAD_CPU ->
                    readings * READING_NANOS; // what passes while a task runs, and is no wait
            };
        }

        @Override
        public Duration resolution(ClockId asked) {
            return Duration.ofNanos(1);
        }

        @Override
        public String toString() {
            return "simulated clock";
        }
    }

    // ---------------------------------------------------------------- the end

    void refuseMore() {
        registry.close();
        calls.close();
    }

    /** Called by a task of another instance in the same world; the grace period is of the world's time. */
    @Override
    public void close(Duration grace) {
        world.requireInside("close");
        refuseMore();
        new ArrayList<>(tasks).forEach(Task::requestCancel);
        if (!awaitDrained(grace)) {
            new ArrayList<>(tasks).forEach(Task::repeatCancel);
            if (!awaitDrained(grace)) {
                throw new IllegalStateException(
                        "close: tasks were left running after two grace periods of " + grace + "\n" + dumpTasks());
            }
        }
        net.close();
        fs.closeAll();
        buffers.trim();
    }

    private boolean awaitDrained(Duration grace) {
        long deadlineNanos = clock.deadlineAfter(grace).nanos();
        return Waits.awaitEnd(this, new Drained(), deadlineNanos, false) == Waits.End.HAPPENED;
    }

    private final class Drained extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return tasks.isEmpty() ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            drained.add(this);
        }

        @Override
        public String describe() {
            return "the end of all tasks";
        }
    }

    @Override
    public String toString() {
        return "SimulatedIo";
    }
}
