package io.amphio.blocking;

import io.amphio.spi.LoopThread;
import io.amphio.spi.Task;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that watches the channels that callers on virtual threads wait for, all of them.
 *
 * <p>Only this thread touches its selector's keys. Who waits lists its waiter in the handle, queues the handle here and wakes the
 * selector; the thread takes the handle from the queue and brings the key's interest in line with the waiters listed. No
 * wait is overlooked: the waiter is listed before the handle is queued, the handle is queued before the wake-up, and a wake-up
 * that comes before the select makes that return at once.
 *
 * <p>Interest is taken away when it has been reported, down to what is still waited for: it is level-triggered, and would be
 * reported again and again until the waiter has run. That of a waiter that has left goes the same way when it comes up.
 */
final class Poller {
    private static final long PAUSE_NANOS = 10_000_000;

    private final OwnedSelector selector = new OwnedSelector();
    private final Queue<Handle> changed = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Opens the selector and starts the thread. */
    @SuppressWarnings("this-escape") // the thread sees all fields: they are set before it is started
    Poller() throws IOException {
        Thread created = Thread.ofPlatform()
                .name("amphio-blocking-poller")
                .daemon() // it only serves others
                .inheritInheritableThreadLocals(false)
                .unstarted(this::run);
        thread = created;
        boolean started = false;
        try {
            created.start();
            started = true;
        } finally {
            if (!started) {
                selector.close();
            }
        }
    }

    /** A waiter was listed in {@code handle}. */
    void watch(Handle handle) {
        changed.add(handle);
        selector.wakeup();
    }

    /** Ends the thread and waits for it. Call it once no handle is open. */
    void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(Duration.ofDays(1));
            } catch (InterruptedException notOurs) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Task.enter(new LoopThread("poller"));
        try {
            while (!closed) {
                try {
                    turn();
                } catch (Throwable thrown) { // out of memory, say: those who wait depend on the next turn
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
                }
            }
        } finally {
            selector.close();
        }
    }

    private void turn() {
        Thread.interrupted(); // select would return at once
        Handle handle = changed.poll();
        while (handle != null) {
            update(handle);
            handle = changed.poll();
        }
        try {
            selector.select(Long.MAX_VALUE, Poller::report);
        } catch (IOException failed) { // never seen; but nobody's wait may hang because of it
            for (SelectionKey key : selector.keys()) {
                ((Handle) key.attachment()).failPolled(failed);
            }
            LockSupport.parkNanos(PAUSE_NANOS); // it may fail again at once
        }
    }

    private static void report(SelectionKey key) {
        Handle handle = (Handle) key.attachment();
        try {
            handle.polled(key.readyOps());
            key.interestOps(handle.polledOps());
        } catch (CancelledKeyException closedMeanwhile) { // its close tells all who wait
        }
    }

    private void update(Handle handle) {
        int ops = handle.polledOps();
        try {
            SelectionKey key = selector.keyOf(handle);
            if (key.interestOps() != ops) {
                key.interestOps(ops);
            }
        } catch (ClosedChannelException | CancelledKeyException closedMeanwhile) { // its close tells all who wait
        } catch (IOException failed) {
            handle.failPolled(failed);
        }
    }
}
