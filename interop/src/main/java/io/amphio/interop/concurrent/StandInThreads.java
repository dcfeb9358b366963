package io.amphio.interop.concurrent;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/** Makes threads that stand in for tasks: see {@link IoExecutors#threadFactory(Io, TaskOptions)}. */
final class StandInThreads implements ThreadFactory {
    private final Io io;
    private final TaskOptions options;

    StandInThreads(Io io, TaskOptions options) {
        this.io = Objects.requireNonNull(io, "a thread factory's Io is null");
        this.options = Objects.requireNonNull(options, "a thread factory's task options are null");
    }

    @Override
    public Thread newThread(Runnable body) {
        Command command = new Command(Objects.requireNonNull(body, "newThread: the body is null"));
        return Thread.ofVirtual().name("stand-in").unstarted(() -> standIn(command));
    }

    private void standIn(Command command) {
        Future<?> task = command.start(io, options);
        CountDownLatch ended = new CountDownLatch(1);
        task.whenDone(_ -> ended.countDown());
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException passedOn) {
                command.stop();
            }
        }
        if (task.outcome() instanceof Outcome.Failure<?>(Throwable thrown)) {
            throw asUnchecked(thrown); // to this thread's handler
        }
    }

    private static RuntimeException asUnchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown; // of a Runnable, which throws nothing else
    }
}
