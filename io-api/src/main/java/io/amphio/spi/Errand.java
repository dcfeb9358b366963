package io.amphio.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * What another thread does while the current one is parked, as if the current one did it.
 *
 * <p>No wake-up is lost: {@code done} is set before the unpark, and the parked thread looks at it after every return of park.
 */
final class Errand implements Runnable {
    private final Runnable what;
    private final Thread sender = Thread.currentThread();
    private volatile boolean done;

    private Errand(Runnable what) {
        this.what = what;
    }

    /**
     * Runs {@code what} on a thread of {@code threads} and returns when it has. An interrupt from outside waits until then.
     *
     * @param what throws nothing
     * @throws OutOfMemoryError if there is no thread for it; nothing has run then
     */
    static void run(WorkerThreads threads, Runnable what) {
        Errand errand = new Errand(what);
        threads.execute(errand);
        boolean interrupted = false;
        while (!errand.done) {
            interrupted |= Thread.interrupted(); // with the flag set, park would return at once
            LockSupport.park(errand);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            what.run();
        } finally {
            done = true;
            LockSupport.unpark(sender);
        }
    }
}
