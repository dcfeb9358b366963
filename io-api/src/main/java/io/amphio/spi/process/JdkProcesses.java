package io.amphio.spi.process;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.process.Child;
import io.amphio.process.Finished;
import io.amphio.process.ProcessSpec;
import io.amphio.process.Processes;
import io.amphio.spi.LimitedJobs;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The processes of one {@code Io}: the JDK starts and reaps them, on a thread that may wait; ours is the waiting for them.
 *
 * <p>The JDK, because it does right what is easily done wrong: descriptors that the child must not have are closed, signals are as a
 * program expects them, a failed exec is told to the parent, and each child is reaped by its number only, so that it does not take
 * those of a native library.
 *
 * <p>None is left: who adds one looks at {@link #closed} afterwards, and {@link #close} sets it before it takes what has been added.
 */
public final class JdkProcesses implements Processes {
    private static final Duration LONGEST_PATIENCE = Duration.ofDays(365);

    private final String owner;
    private final LimitedJobs<Job> jobs;
    private final PipeMaker maker;
    private final Set<ChildProcess> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close

    /**
     * Creates it without processes.
     *
     * @param owner the name of the {@code Io}, for messages
     * @param threads runs each job on a thread of its own, at once, or throws an OutOfMemoryError
     * @param limit how many processes are being started at once, at most
     * @param maker opens pipes, where there are better ones than the JDK's
     */
    public JdkProcesses(String owner, Executor threads, int limit, PipeMaker maker) {
        this.owner = owner;
        this.jobs = new LimitedJobs<>(threads, limit);
        this.maker = maker;
    }

    @Override
    public Child spawn(Io io, ProcessSpec spec) throws IOException {
        Objects.requireNonNull(io, "spawn: io is null");
        String what = "spawn " + spec.program();
        Startable<Child> starting = done -> {
            Job job = new Job(spec, done);
            jobs.start(job);
            return () -> {
                if (jobs.takeBack(job)) {
                    done.accept(
                            new Outcome.Canceled<>(new CanceledException(what + ": canceled before its turn", null)));
                }
            };
        };
        return StartedWait.run(io, what, Timeout.NONE, starting);
    }

    @Override
    public Finished run(Io io, ProcessSpec spec, byte[] input) throws IOException {
        return new ProcessRun(this, spec, input).run(io);
    }

    private Child start(ProcessSpec spec) throws IOException {
        requireOpen(spec);
        ChildProcess child = new Launch(spec, maker).run();
        open.add(child);
        child.onGone(() -> open.remove(child));
        if (closed) { // while it was being started
            child.close();
            requireOpen(spec);
        }
        return child;
    }

    private void requireOpen(ProcessSpec spec) {
        if (closed) {
            throw new IllegalStateException("spawn " + spec.program() + ": the runtime is closed (" + owner + ")");
        }
    }

    /**
     * Ends all processes that are left, waits for that, and lets none be started any more. Idempotent.
     *
     * @param patience how long one may take at most, whatever its own grace period, before it is killed
     */
    public void close(Duration patience) {
        closed = true;
        List<ChildProcess> left = new ArrayList<>(open);
        left.forEach(ChildProcess::requestEnd); // all at once
        Duration limit = patience.compareTo(LONGEST_PATIENCE) > 0 ? LONGEST_PATIENCE : patience;
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        for (ChildProcess child : left) {
            if (!Waits.awaitUntil(child.exit().doneArm(), deadlineNanos)) {
                child.kill();
            }
            child.close();
        }
    }

    private final class Job implements LimitedJobs.Job {
        private final ProcessSpec spec;
        private final Consumer<? super Outcome<Child>> done;

        Job(ProcessSpec spec, Consumer<? super Outcome<Child>> done) {
            this.spec = spec;
            this.done = done;
        }

        @Override
        public void run() {
            Outcome<Child> outcome;
            try {
                outcome = new Outcome.Value<>(start(spec));
            } catch (Throwable failure) {
                outcome = new Outcome.Failure<>(failure);
            }
            done.accept(outcome);
        }

        @Override
        public void refuse(OutOfMemoryError noThread) {
            done.accept(new Outcome.Failure<>(new IOException(
                    "spawn " + spec.program() + ": the system gives no thread to do it: " + noThread.getMessage(),
                    noThread)));
        }
    }

    @Override
    public String toString() {
        return "processes of " + owner;
    }
}
