package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Completer;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Placement;
import io.amphio.Select;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.sync.Channel;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import io.amphio.sync.RwLock;
import io.amphio.sync.Semaphore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the budget promises: a task that always finds what it waits for lets others run, on its own loop too.
 */
public abstract class FairnessConformance extends Conformance {
    private static final TaskOptions NEAR = TaskOptions.DEFAULT.withPlacement(Placement.SAME_LOOP);

    /** How much the always-ready task may do between two runs of its sibling: far above a fair loop's, far below for ever. */
    private static final long MOST_BUSY_NANOS = Duration.ofMillis(250).toNanos();

    /** A step that takes longer than this was not running all the time: the machine had other things to do. */
    private static final long LONGEST_STEP_NANOS = Duration.ofMillis(1).toNanos();

    /** An operation that need never wait. */
    enum Ready {
        CHECK_CANCEL {
            @Override
            Runnable operation(Io io) {
                return io::checkCancel;
            }
        },
        YIELD {
            @Override
            Runnable operation(Io io) {
                return io::yieldNow;
            }
        },
        SLEEP_FOR_NOTHING {
            @Override
            Runnable operation(Io io) {
                return () -> io.sleep(Duration.ZERO);
            }
        },
        AWAIT_OF_A_SET_EVENT {
            @Override
            Runnable operation(Io io) {
                Event event = new Event();
                event.set();
                return () -> event.await(io);
            }
        },
        AWAIT_OF_A_DONE_FUTURE {
            @Override
            Runnable operation(Io io) {
                Completer<Integer> completer = new Completer<>();
                completer.succeed(1);
                return () -> completer.future().await(io);
            }
        },
        TRY_AWAIT_OF_WHAT_NEVER_ENDS {
            @Override
            Runnable operation(Io io) {
                Completer<Integer> completer = new Completer<>();
                return () -> completer.future().tryAwait();
            }
        },
        LOCK_AND_UNLOCK {
            @Override
            Runnable operation(Io io) {
                Mutex mutex = new Mutex();
                return () -> {
                    mutex.lock(io);
                    mutex.unlock();
                };
            }
        },
        TRY_LOCK_OF_A_HELD_MUTEX {
            @Override
            Runnable operation(Io io) {
                Mutex mutex = new Mutex();
                new Holder().does(mutex::tryLock);
                return mutex::tryLock;
            }
        },
        READ_LOCK_AND_UNLOCK {
            @Override
            Runnable operation(Io io) {
                RwLock lock = new RwLock();
                return () -> {
                    lock.lockRead(io);
                    lock.unlockRead();
                };
            }
        },
        ACQUIRE_AND_RELEASE {
            @Override
            Runnable operation(Io io) {
                Semaphore semaphore = new Semaphore(1);
                return () -> {
                    semaphore.acquire(io);
                    semaphore.release();
                };
            }
        },
        SEND_AND_RECEIVE {
            @Override
            Runnable operation(Io io) {
                Channel<Integer> channel = new Channel<>(1);
                return () -> {
                    channel.send(io, 1);
                    channel.receive(io);
                };
            }
        },
        TRY_RECEIVE_OF_NOTHING {
            @Override
            Runnable operation(Io io) {
                Channel<Integer> channel = new Channel<>(1);
                return channel::tryReceive;
            }
        },
        WRITE_AND_READ {
            @Override
            Runnable operation(Io io) {
                try {
                    Connection pair = Connection.open(io, io); // closed with the runtime
                    return () -> {
                        try {
                            pair.client().write(io, Connection.bytes("x"));
                            Connection.read(io, pair.server());
                        } catch (IOException broken) {
                            throw new UncheckedIOException(broken);
                        }
                    };
                } catch (IOException refused) {
                    throw new UncheckedIOException(refused);
                }
            }
        },
        CANCEL_OF_A_DONE_FUTURE {
            @Override
            Runnable operation(Io io) {
                Completer<Integer> completer = new Completer<>();
                completer.succeed(1);
                return () -> completer.future().cancel(io);
            }
        },
        AWAIT_OF_AN_EMPTY_GROUP {
            @Override
            Runnable operation(Io io) {
                Group group = new Group();
                return () -> group.await(io);
            }
        },
        SELECT {
            @Override
            Runnable operation(Io io) {
                Event event = new Event();
                event.set();
                return () -> new Select<Integer>()
                        .event(event, () -> 1)
                        .timeout(Timeout.NONE, () -> 2)
                        .await(io);
            }
        },
        POLL {
            @Override
            Runnable operation(Io io) {
                return () -> new Select<Integer>().event(new Event(), () -> 1).poll(() -> 2);
            }
        };

        abstract Runnable operation(Io io);
    }

    @ParameterizedTest
    @EnumSource
    void an_always_ready_loop_lets_a_sibling_and_a_timer_of_one_millisecond_run(Ready ready) {
        run(io -> {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong busyNanos = new AtomicLong(); // of the always-ready task
            AtomicLong longestNanos = new AtomicLong();
            var sibling = io.concurrent(NEAR, () -> {
                        for (int i = 0; i < 10; i++) {
                            long before = busyNanos.get();
                            io.sleep(Duration.ofMillis(1));
                            longestNanos.accumulateAndGet(busyNanos.get() - before, Math::max);
                        }
                        stop.set(true);
                        return "ran";
                    })
                    .get();
            Runnable operation = ready.operation(io);
            long start = System.nanoTime();
            long last = start;
            while (!stop.get()) {
                operation.run();
                long now = System.nanoTime();
                busyNanos.addAndGet(Math.min(now - last, LONGEST_STEP_NANOS));
                last = now;
                if (now - start > PATIENCE.toNanos()) {
                    throw new AssertionError("the sibling was starved");
                }
            }
            assertEquals("ran", sibling.await(io));
            long millis = Duration.ofNanos(longestNanos.get()).toMillis();
            assertTrue(
                    longestNanos.get() < MOST_BUSY_NANOS, () -> "during a sleep of 1 ms it ran for " + millis + " ms");
        });
    }
}
