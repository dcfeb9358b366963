package io.amphio.spi.process;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that read and write pipes which only the JDK can; each is handed one transfer at a time, and nothing is queued.
 *
 * <p>They are of the whole JVM and daemons, like those by which the JDK reaps children: one that reads a pipe which somebody holds
 * open for ever cannot be stopped, and must hold up neither the close of a runtime nor the end of the process.
 */
final class PipeThreads {
    private static final long EXPIRY_SECONDS = 2;
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, EXPIRY_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory());

    private PipeThreads() {}

    private static ThreadFactory factory() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        ThreadGroup group = root;
        AtomicLong number = new AtomicLong();
        return job -> {
            Thread thread = new Thread(group, job, "amphio-pipe-" + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        };
    }

    /**
     * Runs a transfer.
     *
     * @param transfer throws nothing
     * @throws OutOfMemoryError if the system gives no thread
     */
    static void execute(Runnable transfer) {
        THREADS.execute(transfer);
    }
}
