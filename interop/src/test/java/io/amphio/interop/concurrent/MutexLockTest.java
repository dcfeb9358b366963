package io.amphio.interop.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.interop.OnEachIo;
import io.amphio.interop.Running;
import io.amphio.sync.ReentrantMutex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"JavaUtilDate", "LockNotBeforeTry", "WaitNotInLoop"}) // of a lock, they are what is tested
class MutexLockTest extends OnEachIo {
    private MutexLock lock;

    @BeforeEach
    void open() {
        lock = new MutexLock(io, new ReentrantMutex());
    }

    @Test
    void it_is_the_same_lock_as_the_mutex() {
        lock.lock();
        lock.lock();
        assertEquals(2, lock.mutex().holdCount());
        assertFalse(Running.start(io, () -> lock.tryLock()).future.await(io));
        assertFalse(Running.start(io, () -> lock.tryLock(3, TimeUnit.MILLISECONDS))
                .future
                .await(io));
        lock.unlock();
        lock.mutex().unlock();
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        assertTrue(Running.start(io, () -> {
                    boolean locked = lock.tryLock(20, TimeUnit.SECONDS);
                    lock.unlock();
                    return locked;
                })
                .future
                .await(io));
    }

    @Test
    void a_cancel_ends_lockInterruptibly_and_not_lock() {
        lock.lock();
        Running<?> gentle = Running.start(io, () -> {
            lock.lockInterruptibly();
            return null;
        });
        assertTrue(gentle.untilWaiting().endsCanceled(io));
        Running<Boolean> stubborn = Running.start(io, () -> {
            lock.lock();
            try {
                assertThrows(CanceledException.class, io::checkCancel);
                return true;
            } finally {
                lock.unlock();
            }
        });
        stubborn.untilWaiting().future.requestCancel();
        lock.unlock();
        assertEquals(new Outcome.Value<>(true), stubborn.ends(io));
    }

    @Test
    void a_thread_that_was_interrupted_is_told_so() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, lock::lockInterruptibly);
        lock.lock();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, lock.newCondition()::await);
        lock.unlock();
    }

    @Test
    void conditions_wait_with_and_without_limits_and_hold_the_lock_afterwards() throws Exception {
        Condition condition = lock.newCondition();
        assertThrows(IllegalMonitorStateException.class, condition::signal);
        assertThrows(IllegalMonitorStateException.class, condition::await);
        lock.lock();
        assertTrue(condition.awaitNanos(1_000_000) <= 0);
        assertFalse(condition.await(1, TimeUnit.MILLISECONDS));
        assertFalse(condition.awaitUntil(new Date(System.currentTimeMillis() + 2)));
        assertEquals(1, lock.mutex().holdCount());
        lock.unlock();
        Running<Boolean> canceled = Running.start(io, () -> {
            lock.lock();
            try {
                assertThrows(CanceledException.class, condition::await);
                return lock.mutex().holdCount() == 1;
            } finally {
                lock.unlock();
            }
        });
        canceled.untilWaiting().future.requestCancel();
        assertEquals(new Outcome.Value<>(true), canceled.ends(io));
        Running<Boolean> signaled = Running.start(io, () -> {
            lock.lock();
            try {
                boolean inTime = condition.awaitNanos(20_000_000_000L) > 0;
                condition.awaitUninterruptibly();
                return inTime;
            } finally {
                lock.unlock();
            }
        });
        for (int i = 0; i < 2; i++) {
            int holds = i;
            Running.until(() -> {
                lock.lock(); // so that it waits for the condition if it waits at all
                condition.signal();
                lock.unlock();
                return holds == 0 || signaled.future.isDone();
            });
        }
        assertEquals(new Outcome.Value<>(true), signaled.ends(io));
    }

    /** A bounded buffer as the JDK's documentation has it, between tasks. */
    @Test
    void a_bounded_buffer_loses_nothing() {
        Condition notFull = lock.newCondition();
        Condition notEmpty = lock.newCondition();
        ArrayDeque<Integer> buffer = new ArrayDeque<>();
        int each = 2_000;
        List<Future<Long>> receivers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            io.concurrent(() -> {
                        for (int k = 1; k <= each; k++) {
                            lock.lock();
                            try {
                                while (buffer.size() == 4) {
                                    notFull.await();
                                }
                                buffer.add(k);
                                notEmpty.signal();
                            } finally {
                                lock.unlock();
                            }
                        }
                    })
                    .get();
            receivers.add(io.<Long>concurrent(() -> {
                        long sum = 0;
                        for (int k = 0; k < each; k++) {
                            lock.lock();
                            try {
                                while (buffer.isEmpty()) {
                                    notEmpty.await();
                                }
                                sum += buffer.remove();
                                notFull.signal();
                            } finally {
                                lock.unlock();
                            }
                        }
                        return sum;
                    })
                    .get());
        }
        long sum = 0;
        for (Future<Long> receiver : receivers) {
            sum += receiver.await(io);
        }
        assertEquals(3L * each * (each + 1) / 2, sum);
    }
}
