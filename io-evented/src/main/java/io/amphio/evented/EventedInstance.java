package io.amphio.evented;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.console.Console;
import io.amphio.evented.backend.OwnClasses;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.evented.dns.DnsResolver;
import io.amphio.evented.fs.EventedFs;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.Poll;
import io.amphio.evented.net.EventedNet;
import io.amphio.evented.net.LoopDescriptors;
import io.amphio.evented.net.LoopPipes;
import io.amphio.evented.task.Scheduler;
import io.amphio.evented.task.SchedulerSettings;
import io.amphio.fs.Fs;
import io.amphio.net.Net;
import io.amphio.net.ResolverOptions;
import io.amphio.process.Processes;
import io.amphio.spi.BlockingCalls;
import io.amphio.spi.IoProvider;
import io.amphio.spi.PooledBuffers;
import io.amphio.spi.SystemChance;
import io.amphio.spi.Task;
import io.amphio.spi.Timers;
import io.amphio.spi.WorkerThreads;
import io.amphio.spi.names.AddressOrder;
import io.amphio.spi.names.SystemResolver;
import io.amphio.spi.process.JdkProcesses;
import io.amphio.stream.Buffers;
import io.amphio.time.Clock;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One evented {@link Io} and all that belongs to it: the scheduler with its loops, and the threads of {@code call}. */
final class EventedInstance implements IoProvider.Instance, Io {
    private static final System.Logger LOG = System.getLogger("io.amphio.evented");
    private static final Duration CALL_THREAD_EXPIRY = Duration.ofSeconds(10);
    private static final AtomicBoolean SAID_STOCK = new AtomicBoolean();

    private final Scheduler scheduler;
    private final String backend;
    private final EventedNet net;
    private final EventedFs fs;
    private final Timers timers;
    private final Clock clock;
    private final Console console;
    private final PooledBuffers buffers = new PooledBuffers();
    private final WorkerThreads callThreads = new WorkerThreads("amphio-call", CALL_THREAD_EXPIRY, () -> {});
    private final BlockingCalls calls;
    private final LoopPipes pipes;
    private final JdkProcesses processes;

    private final @Nullable SystemResolver systemResolver;

    private EventedInstance(Scheduler scheduler, int callLimit, ResolverOptions names) {
        this.scheduler = scheduler;
        this.backend = scheduler.loop().backendName();
        this.systemResolver = names.kind() == ResolverOptions.Kind.SYSTEM
                ? new SystemResolver(EventedIoProvider.NAME, callThreads, callLimit, InetAddress::getAllByName)
                : null;
        this.net = new EventedNet(
                scheduler::loop,
                systemResolver != null
                        ? systemResolver
                        : new DnsResolver(this, names, SystemChance.secure()::nextInt, AddressOrder::source));
        this.fs = new EventedFs(scheduler::loop, buffers);
        this.timers = scheduler.timers();
        this.clock = scheduler.loop().clock();
        this.console = Console.ofProcess(scheduler.loop().terminals());
        this.calls = new BlockingCalls(EventedIoProvider.NAME, callLimit, callThreads);
        this.pipes = new LoopPipes(scheduler::loop);
        this.processes = new JdkProcesses(EventedIoProvider.NAME, callThreads::execute, callLimit, pipes);
    }

    static EventedInstance open(EventedOptions options, SchedulerBridge bridge) {
        if (bridge.mode() == SchedulerBridge.Mode.STOCK && SAID_STOCK.compareAndSet(false, true)) {
            LOG.log(Level.INFO, bridge.explanation());
        }
        bridge.prepare();
        SystemChance.secure(); // slow the first time
        OwnClasses.load(Io.class); // its waits are our loops' wake-ups
        try {
            Scheduler scheduler = new Scheduler(
                    bridge,
                    new SchedulerSettings(
                            options.backend(),
                            options.loops(),
                            options.stealing(),
                            options.stackBytes(),
                            options.concurrentLimit(),
                            options.stuckAfter().toNanos(),
                            options.spares()));
            return new EventedInstance(scheduler, options.callLimit(), options.resolver());
        } catch (IOException refused) {
            throw new UncheckedIOException("open an evented Io: " + refused.getMessage(), refused);
        }
    }

    @Override
    public Io io() {
        return this;
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        Task.current().tick(); // who starts many lets them run meanwhile: they need not all be alive at once
        return scheduler.start(options, body);
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        Task.current().tick(); // as in async
        return scheduler.startConcurrent(options, body);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        return calls.call(io, options, body);
    }

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
        return processes;
    }

    @Override
    public void readable(Io io, int descriptor, Timeout timeout) throws IOException {
        LoopDescriptors.await(io, scheduler.loop(), descriptor, Poll.Readiness.READABLE, timeout);
    }

    @Override
    public void writable(Io io, int descriptor, Timeout timeout) throws IOException {
        LoopDescriptors.await(io, scheduler.loop(), descriptor, Poll.Readiness.WRITABLE, timeout);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Console console() {
        return console;
    }

    @Override
    public RandomGenerator random() {
        return SystemChance.RANDOM;
    }

    @Override
    public SecureRandom secureRandom() {
        return SystemChance.secure();
    }

    @Override
    public Buffers buffers() {
        return buffers;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    EventLoop loop() {
        return scheduler.loop();
    }

    List<LoopMetrics> metrics() {
        return scheduler.counts().stream().map(LoopMetrics::of).toList();
    }

    @Override
    public String dumpTasks() {
        return scheduler.dumpTasks();
    }

    @Override
    public void close(Duration grace) {
        scheduler.close(grace, () -> release(grace));
    }

    /** Once the tasks have ended, and while the loops still turn: who else waits for a socket is told by them. */
    private void release(Duration grace) {
        processes.close(grace);
        pipes.close();
        net.close();
        if (systemResolver != null) {
            systemResolver.close();
        }
        fs.closeAll();
        calls.close();
        callThreads.close();
        callThreads.awaitEnd(System.nanoTime() + grace.toNanos());
        buffers.trim();
    }

    @Override
    public String toString() {
        return "EventedIo[" + backend + ", " + scheduler + "]";
    }
}
