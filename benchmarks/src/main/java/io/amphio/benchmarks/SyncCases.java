package io.amphio.benchmarks;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.sync.Mutex;
import io.amphio.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Locks that several tasks want. */
final class SyncCases {
    private SyncCases() {}

    /** A counter that only its lock protects: it is wrong if the lock is. */
    private static final class Shared {
        private long count; // @GuardedBy the mutex
    }

    /** Tasks that count under one lock. */
    static void mutex(Io io, int tasks, int times) {
        Mutex mutex = new Mutex();
        Shared shared = new Shared();
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(TaskCases.start(io, () -> {
                for (int turn = 0; turn < times; turn++) {
                    mutex.lock(io);
                    try {
                        shared.count++;
                    } finally {
                        mutex.unlock();
                    }
                }
                return times;
            }));
        }
        futures.forEach(future -> future.await(io));
        Case.check("count", (long) tasks * times, shared.count);
    }

    /** Tasks that give way while they hold one of two permits. */
    static void semaphore(Io io, int tasks, int times) {
        Semaphore semaphore = new Semaphore(2);
        AtomicInteger holders = new AtomicInteger();
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(TaskCases.start(io, () -> {
                for (int turn = 0; turn < times; turn++) {
                    semaphore.acquire(io);
                    if (holders.incrementAndGet() > 2) {
                        throw new AssertionError("three holders of two permits");
                    }
                    io.yieldNow();
                    holders.decrementAndGet();
                    semaphore.release();
                }
                return times;
            }));
        }
        futures.forEach(future -> future.await(io));
        Case.check("permits", 2, semaphore.freePermits());
    }
}
