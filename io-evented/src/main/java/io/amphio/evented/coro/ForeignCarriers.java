package io.amphio.evented.coro;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

/**
 * The platform threads of last resort: they carry virtual threads that inherited the scheduler of a coroutine whose own
 * scheduler is closed, or that never had one.
 *
 * <p>Never shut down, since such a thread may be unparked at any time until the JVM ends. A {@link ForkJoinPool} because
 * its {@code execute} neither blocks nor, while it is open, rejects; its threads are daemons and expire when idle.
 */
final class ForeignCarriers {
    private static final long KEEP_ALIVE_SECONDS = 10;

    private ForeignCarriers() {}

    static void execute(Runnable continuation) {
        Pool.INSTANCE.execute(continuation);
    }

    private static final class Pool {
        static final ForkJoinPool INSTANCE = new ForkJoinPool(
                Runtime.getRuntime().availableProcessors(),
                Carrier::new,
                null,
                true, // first in, first out: these are not fork-join tasks
                0,
                Short.MAX_VALUE,
                1,
                null,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS);
    }

    private static final class Carrier extends ForkJoinWorkerThread {
        Carrier(ForkJoinPool pool) {
            super(null, pool, true);
            setName("amphio-foreign-" + threadId());
        }
    }
}
