package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.spi.BodyTask;
import io.amphio.spi.IoProvider;
import io.amphio.spi.Task;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@link ThreadIo}, and how it is closed. */
final class ThreadIoInstance implements IoProvider.Instance {
    private final ThreadIo io;
    private final ReentrantLock closing = new ReentrantLock();
    private boolean closed; // @GuardedBy("closing")

    ThreadIoInstance(BlockingOptions options) {
        io = new ThreadIo(options);
    }

    @Override
    public Io io() {
        return io;
    }

    @Override
    public void close(Duration grace) {
        if (Task.current() instanceof BlockingTask<?> task && task.isOf(io.registry)) {
            throw new IllegalStateException(
                    "close in " + task.name() + ": the task would wait for its own end; cancel it, or return from it");
        }
        closing.lock(); // a second closer waits until it is done
        try {
            if (!closed) {
                closed = true;
                String left = endTasks(grace);
                giveBackAll(left == null ? grace : Duration.ZERO);
                if (left != null) {
                    throw new IllegalStateException(left);
                }
            }
        } finally {
            closing.unlock();
        }
    }

    /** Cancels all tasks and waits for them; returns who is left. */
    private @Nullable String endTasks(Duration grace) {
        io.registry.close();
        io.calls.close();
        toAllTasks(Task::requestCancel);
        if (awaitTasks(grace)) {
            return null;
        }
        toAllTasks(Task::repeatCancel);
        if (awaitTasks(grace)) {
            return null;
        }
        return "close: still running " + grace + " after the request to cancel was repeated:\n" + io.dumpTasks()
                + io.calls.describe();
    }

    private void toAllTasks(Consumer<Task> told) {
        for (BodyTask<?> task : io.registry.tasks()) {
            told.accept(task);
        }
    }

    private boolean awaitTasks(Duration grace) {
        long deadline = deadline(grace);
        return io.registry.awaitEmpty(deadline) && io.calls.awaitEmpty(deadline);
    }

    /** Gives back what the system lent us. Who is left running finds its sockets closed. */
    private void giveBackAll(Duration patience) {
        io.processes.close(patience);
        io.net.close();
        io.fs.closeAll();
        io.threads.close();
        io.threads.awaitEnd(deadline(patience));
        io.net.closeSelectors();
        io.timers.close();
        io.buffers.trim();
    }

    private static long deadline(Duration limit) {
        long nanos =
                limit.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365).toNanos() : limit.toNanos();
        return System.nanoTime() + nanos;
    }
}
