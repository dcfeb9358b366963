package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Select;
import io.amphio.conformance.Meeting.Place;
import io.amphio.sync.Condition;
import io.amphio.sync.Mutex;
import io.amphio.sync.ReentrantMutex;
import io.amphio.sync.RwLock;
import io.amphio.sync.Semaphore;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Locks, and a condition: nobody is inside with whom it must not be with, and at the end they are free. */
final class LockPlaces {
    private LockPlaces() {}

    static Place mutex(Io one, Io two) {
        Mutex mutex = new Mutex();
        AtomicInteger inside = new AtomicInteger();
        return place(
                (io, random) -> {
                    switch (random.nextInt(4)) {
                        case 0 ->
                            new Select<Boolean>()
                                    .on(mutex.lockArm(), arm -> true)
                                    .await(io);
                        case 1 -> mutex.lockUncanceled(io);
                        default -> mutex.lock(io, Chance.timeout(random));
                    }
                    try {
                        alone(inside, io, random);
                    } finally {
                        mutex.unlock();
                    }
                },
                io -> assertFalse(mutex.isLocked()));
    }

    static Place reentrantMutex(Io one, Io two) {
        ReentrantMutex mutex = new ReentrantMutex();
        AtomicInteger inside = new AtomicInteger();
        return place(
                (io, random) -> {
                    mutex.lock(io, Chance.timeout(random));
                    try {
                        mutex.withLock(io, () -> assertEquals(2, mutex.holdCount()));
                        alone(inside, io, random);
                    } finally {
                        mutex.unlock();
                    }
                },
                io -> assertFalse(mutex.isLocked()));
    }

    private static void alone(AtomicInteger inside, Io io, SplittableRandom random) {
        assertEquals(1, inside.incrementAndGet(), "inside");
        try {
            Chance.hold(io, random);
        } finally {
            inside.decrementAndGet();
        }
    }

    static Place rwLock(Io one, Io two) {
        RwLock lock = new RwLock();
        AtomicInteger readers = new AtomicInteger();
        AtomicInteger writers = new AtomicInteger();
        return place(
                (io, random) -> {
                    if (random.nextInt(3) == 0) {
                        write(io, lock, random);
                        try {
                            assertEquals(0, readers.get(), "readers beside a writer");
                            alone(writers, io, random);
                        } finally {
                            lock.unlockWrite();
                        }
                    } else {
                        read(io, lock, random);
                        readers.incrementAndGet();
                        try {
                            assertEquals(0, writers.get(), "writers beside a reader");
                            Chance.hold(io, random);
                        } finally {
                            readers.decrementAndGet();
                            lock.unlockRead();
                        }
                    }
                },
                io -> {
                    assertTrue(lock.tryLockWrite(), lock::toString);
                    lock.unlockWrite();
                    assertTrue(lock.tryLockRead());
                    lock.unlockRead();
                });
    }

    private static void write(Io io, RwLock lock, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            new Select<Boolean>().on(lock.writeArm(), arm -> true).await(io);
        } else {
            lock.lockWrite(io, Chance.timeout(random));
        }
    }

    private static void read(Io io, RwLock lock, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            new Select<Boolean>().on(lock.readArm(), arm -> true).await(io);
        } else {
            lock.lockRead(io, Chance.timeout(random));
        }
    }

    static Place semaphore(Io one, Io two) {
        int permits = 4;
        Semaphore semaphore = new Semaphore(permits);
        AtomicInteger taken = new AtomicInteger();
        return place(
                (io, random) -> {
                    int wanted = 1 + random.nextInt(permits);
                    if (random.nextInt(3) == 0) {
                        new Select<Boolean>()
                                .on(semaphore.acquireArm(wanted), arm -> true)
                                .await(io);
                    } else {
                        semaphore.acquire(io, wanted, Chance.timeout(random));
                    }
                    try {
                        assertTrue(taken.addAndGet(wanted) <= permits, "more permits than there are");
                        Chance.hold(io, random);
                    } finally {
                        taken.addAndGet(-wanted);
                        semaphore.release(wanted);
                    }
                },
                io -> {
                    assertEquals(permits, semaphore.freePermits());
                    assertTrue(semaphore.tryAcquire(permits));
                });
    }

    /** A bounded buffer in the textbook way. */
    static Place condition(Io one, Io two) {
        Mutex mutex = new Mutex();
        Condition notFull = new Condition(mutex);
        Condition notEmpty = new Condition(mutex);
        int capacity = 2;
        int[] items = new int[1]; // @GuardedBy("mutex")
        AtomicInteger balance = new AtomicInteger();
        return place(
                (io, random) -> mutex.withLock(io, () -> {
                    if (random.nextBoolean()) {
                        while (items[0] == capacity) {
                            notFull.await(io, Chance.timeoutAlways(random));
                        }
                        items[0]++;
                        balance.incrementAndGet();
                        notEmpty.signal();
                    } else {
                        while (items[0] == 0) {
                            notEmpty.await(io, Chance.timeoutAlways(random));
                        }
                        items[0]--;
                        balance.decrementAndGet();
                        notFull.signal();
                    }
                }),
                io -> {
                    assertFalse(mutex.isLocked());
                    assertEquals(balance.get(), items[0]);
                });
    }

    @FunctionalInterface
    interface Step {
        void run(Io io, SplittableRandom random) throws Exception;
    }

    @FunctionalInterface
    interface Check {
        void run(Io io) throws Exception;
    }

    static Place place(Step step, Check check) {
        return new Place() {
            @Override
            public void step(Io io, SplittableRandom random) throws Exception {
                step.run(io, random);
            }

            @Override
            public void check(Io io) throws Exception {
                check.run(io);
            }
        };
    }
}
