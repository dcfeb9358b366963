package io.amphio.spi.process;

import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.process.Child;
import io.amphio.process.ExitStatus;
import io.amphio.process.PipeSink;
import io.amphio.process.PipeSource;
import io.amphio.process.ProcessSpec;
import io.amphio.spi.Waits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A process of the JDK's, its end as a future, and our ends of its pipes.
 *
 * <pre>
 *   state     event               next      and then
 *   -------   -----------------   -------   -------------------------------------------------------------
 *   RUNNING   requestEnd          ASKED     TERM; KILL once the grace period has passed
 *   RUNNING   kill                RUNNING   KILL
 *   ASKED     requestEnd          ASKED     nothing
 *   any       it ends             ENDED     the JDK reaps it, and tells the future
 *   any       release             any       its pipes are closed, and nothing ends it any more
 * </pre>
 *
 * <p>A signal does not reach another process that has got the number meanwhile: the JDK compares when it began.
 */
final class ChildProcess implements Child {
    private static final Duration LONGEST_GRACE = Duration.ofDays(365);

    private final ProcessSpec spec;
    private final Process process; // its own destroy() would close its streams, with what is still to be read
    private final ProcessHandle handle;
    private final @Nullable PipeSink stdin;
    private final @Nullable PipeSource stdout;
    private final @Nullable PipeSource stderr;
    private final Completer<ExitStatus> exit;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile boolean released; // written by release()
    private volatile Runnable onGone = () -> {}; // set once, by who keeps the list

    private ChildProcess(
            ProcessSpec spec,
            Process process,
            @Nullable PipeSink stdin,
            @Nullable PipeSource stdout,
            @Nullable PipeSource stderr) {
        this.spec = spec;
        this.process = process;
        this.handle = process.toHandle();
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        this.exit = new Completer<>("exit of " + this, this::requestEnd);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it does cannot fail
    static ChildProcess of(
            ProcessSpec spec,
            Process process,
            @Nullable PipeSink stdin,
            @Nullable PipeSource stdout,
            @Nullable PipeSource stderr) {
        ChildProcess child = new ChildProcess(spec, process, stdin, stdout, stderr);
        process.onExit().whenComplete((ended, thrown) -> {
            if (ended == null) {
                child.exit.fail(thrown);
            } else {
                child.exit.succeed(new ExitStatus(ended.exitValue()));
            }
        });
        return child;
    }

    /** Has {@code action} run once this is closed or released. */
    void onGone(Runnable action) {
        onGone = action;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public PipeSink stdin() {
        return require(stdin, "input", spec.stdin());
    }

    @Override
    public PipeSource stdout() {
        return require(stdout, "output", spec.stdout());
    }

    @Override
    public PipeSource stderr() {
        return require(stderr, "error output", spec.stderr());
    }

    private <P> P require(@Nullable P pipe, String stream, Object what) {
        if (pipe == null) {
            throw new IllegalStateException(stream + " of " + spec.program() + " is no pipe: " + what);
        }
        return pipe;
    }

    @Override
    public Future<ExitStatus> exit() {
        return exit.future();
    }

    @Override
    public ExitStatus await(Io io, Timeout timeout) {
        Objects.requireNonNull(io, "await: io is null");
        return ended(exit.future().waitFor(io, timeout));
    }

    private static ExitStatus ended(@Nullable Outcome<ExitStatus> outcome) {
        if (outcome instanceof Outcome.Value<ExitStatus>(ExitStatus status)) {
            return status;
        }
        throw new AssertionError("the exit of a process ended as " + outcome);
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nor this
    public void requestEnd() {
        if (released || !process.isAlive() || !asked.compareAndSet(false, true)) {
            return;
        }
        Duration grace = spec.grace();
        if (grace.isZero()) {
            handle.destroyForcibly();
            return;
        }
        handle.destroy();
        long nanos = (grace.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : grace).toNanos();
        process.onExit()
                .completeOnTimeout(process, nanos, TimeUnit.NANOSECONDS)
                .thenRun(handle::destroyForcibly); // which does nothing to one that has ended
    }

    @Override
    public void kill() {
        handle.destroyForcibly();
    }

    @Override
    public void release() {
        released = true;
        closePipes();
        onGone.run();
    }

    @Override
    public void close() {
        if (stdin != null) {
            stdin.close();
        }
        if (!released) {
            requestEnd();
            Waits.awaitUncanceled(exit.future().doneArm());
        }
        closePipes();
        onGone.run();
    }

    void closePipes() {
        if (stdin != null) {
            stdin.close();
        }
        if (stdout != null) {
            stdout.close();
        }
        if (stderr != null) {
            stderr.close();
        }
    }

    @Override
    public String toString() {
        return spec.program() + " (process " + process.pid() + ")";
    }
}
