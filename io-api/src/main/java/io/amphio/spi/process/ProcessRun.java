package io.amphio.spi.process;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.process.Child;
import io.amphio.process.ExitStatus;
import io.amphio.process.Finished;
import io.amphio.process.PipeSink;
import io.amphio.process.PipeSource;
import io.amphio.process.ProcessSpec;
import io.amphio.process.Processes;
import io.amphio.process.Stdio;
import io.amphio.spi.StartedWait;
import io.amphio.stream.LimitExceededException;
import io.vavr.CheckedRunnable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process from its start to its end: a task feeds it, one reads each of its outputs, so that none of the three can hold up
 * another; the caller waits for its end, and then for those that read, but no longer than the grace period.
 *
 * <p>Who reads and fails kills the process, so the caller always sees its end. Whatever is thrown, the closes at the end of the
 * blocks end tasks and process first.
 */
final class ProcessRun {
    private static final int CHUNK_BYTES = 8192;
    private static final Duration LEAST_LINGER = Duration.ofSeconds(1); // what a dead process wrote has yet to be read

    private final Processes processes;
    private final ProcessSpec spec;
    private final byte[] input;

    ProcessRun(Processes processes, ProcessSpec spec, byte[] input) {
        this.processes = processes;
        this.spec = input.length == 0 && spec.stdin() instanceof Stdio.Pipe ? spec.withStdin(Stdio.DISCARD) : spec;
        this.input = input;
    }

    Finished run(Io io) throws IOException {
        try (Child child = processes.spawn(io, spec)) {
            Collector output = new Collector(io, child, "output");
            Collector errors = new Collector(io, child, "error output");
            try (Pipes pipes = new Pipes()) {
                if (spec.stdin() instanceof Stdio.Pipe) {
                    pipes.add(start(io, () -> feed(io, child.stdin())));
                }
                Future<?> first = spec.stdout() instanceof Stdio.Pipe
                        ? pipes.add(start(io, () -> output.read(child.stdout())))
                        : null;
                Future<?> second = spec.stderr() instanceof Stdio.Pipe
                        ? pipes.add(start(io, () -> errors.read(child.stderr())))
                        : null;
                ExitStatus status = child.await(io);
                Duration linger = spec.grace().compareTo(LEAST_LINGER) > 0 ? spec.grace() : LEAST_LINGER;
                Timeout limit = Timeout.at(io.clock().deadlineAfter(linger));
                boolean firstEnded = ended(io, first, limit);
                boolean secondEnded = ended(io, second, limit);
                pipes.end(); // so that the bytes are ours
                requireRead(first);
                requireRead(second);
                return new Finished(
                        status, output.bytes.toByteArray(), errors.bytes.toByteArray(), firstEnded && secondEnded);
            }
        }
    }

    /** The tasks of one run, which end with it. */
    private static final class Pipes implements AutoCloseable {
        private final List<Future<?>> tasks = new ArrayList<>();

        Future<?> add(Future<?> task) {
            tasks.add(task);
            return task;
        }

        @Override
        public void close() {
            end();
        }

        void end() {
            tasks.forEach(Future::requestCancel); // what has ended stays as it ended
            tasks.forEach(Future::close);
        }
    }

    private static void requireRead(@Nullable Future<?> reading) throws IOException {
        if (reading != null && !(reading.outcome() instanceof Outcome.Canceled)) {
            StartedWait.valueOf(reading.outcome());
        }
    }

    private static boolean ended(Io io, @Nullable Future<?> reading, Timeout limit) {
        if (reading == null || reading.isDone()) {
            return true;
        }
        try {
            reading.waitFor(io, limit);
            return true;
        } catch (TimedOutException late) { // somebody else holds the pipe
            return reading.isDone();
        }
    }

    private Future<?> start(Io io, CheckedRunnable body) {
        return io.concurrent(TaskOptions.named("pipe of " + spec.program()), body)
                .getOrElseThrow(ConcurrencyUnavailable::asException);
    }

    private void feed(Io io, PipeSink stdin) throws IOException {
        try (stdin) {
            stdin.writeAll(io, ByteBuffer.wrap(input));
            stdin.flush(io);
        } catch (IOException notRead) {
            System.getLogger("io.amphio.process") // which the process may do as it likes
                    .log(System.Logger.Level.DEBUG, spec.program() + " did not read all of its input", notRead);
        }
    }

    /** Reads an output. */
    private final class Collector {
        private final Io io;
        private final Child child;
        private final String name;
        private final ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(); // the reading task's, until it has ended

        Collector(Io io, Child child, String name) {
            this.io = io;
            this.child = child;
            this.name = name;
        }

        void read(PipeSource source) throws IOException {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            try {
                while (source.read(io, chunk) >= 0) {
                    if (chunk.position() > spec.outputLimit() - bytes.size()) {
                        throw new LimitExceededException(name + " of " + spec.program() + ": more than "
                                + spec.outputLimit() + " bytes; raise the output limit of its ProcessSpec");
                    }
                    bytes.write(chunk.array(), 0, chunk.position());
                    chunk.clear();
                }
            } catch (IOException | Error failed) {
                child.kill();
                throw failed;
            }
        }
    }
}
