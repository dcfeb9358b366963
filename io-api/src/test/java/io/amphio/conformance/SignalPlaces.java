package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Completer;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.conformance.Meeting.Place;
import io.amphio.sync.Barrier;
import io.amphio.sync.Event;
import io.amphio.sync.Notify;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What wakes and is not held: every wake-up that was given has arrived, and nobody passed without one. */
final class SignalPlaces {
    private SignalPlaces() {}

    static Place notifications(Io one, Io two) {
        Notify notify = new Notify();
        AtomicInteger given = new AtomicInteger();
        AtomicInteger received = new AtomicInteger();
        return LockPlaces.place(
                (io, random) -> {
                    if (random.nextInt(3) == 0) {
                        Chance.hold(io, random);
                        given.addAndGet(notify.signal() ? 1 : 0);
                    } else {
                        notify.await(io, Chance.timeoutAlways(random));
                        received.incrementAndGet();
                    }
                },
                io -> {
                    assertEquals(given.get(), received.get(), "signals given and received");
                    assertFalse(notify.signal(), "somebody still waits");
                });
    }

    static Place barrier(Io one, Io two) {
        Barrier barrier = new Barrier(2);
        AtomicInteger passed = new AtomicInteger();
        AtomicInteger leaders = new AtomicInteger();
        return LockPlaces.place(
                (io, random) -> {
                    leaders.addAndGet(barrier.await(io, Chance.timeoutAlways(random)) ? 1 : 0);
                    passed.incrementAndGet();
                },
                io -> {
                    assertEquals(passed.get(), 2 * leaders.get(), "passed, and twice the leaders");
                    assertThrows(TimedOutException.class, () -> barrier.await(io, Timeout.afterMillis(0)));
                });
    }

    static Place event(Io one, Io two) {
        Event event = new Event();
        AtomicInteger sets = new AtomicInteger();
        return LockPlaces.place(
                (io, random) -> {
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            sets.incrementAndGet();
                            event.set();
                        }
                        case 1 -> event.reset();
                        default -> {
                            event.await(io, Chance.timeoutAlways(random));
                            assertTrue(sets.get() > 0, "it was never set");
                        }
                    }
                },
                io -> {
                    event.reset();
                    assertThrows(TimedOutException.class, () -> event.await(io, Timeout.afterMillis(0)));
                    event.set();
                    event.await(io, Timeout.afterMillis(0));
                });
    }

    static Place future(Io one, Io two) {
        AtomicReference<Completer<Integer>> current = new AtomicReference<>(new Completer<>());
        AtomicInteger completed = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        return LockPlaces.place(
                (io, random) -> {
                    Completer<Integer> completer = current.get();
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            if (completer.succeed(completed.get())) {
                                completed.incrementAndGet();
                                current.set(new Completer<>());
                            }
                        }
                        case 1 -> completer.future().whenDone(outcome -> told.incrementAndGet());
                        case 2 ->
                            new Select<Integer>()
                                    .future(completer.future(), value -> value)
                                    .timeout(Chance.timeoutAlways(random), () -> 0)
                                    .await(io);
                        default -> completer.future().waitFor(io, Chance.timeoutAlways(random));
                    }
                },
                io -> {
                    int before = told.get();
                    current.get().future().whenDone(outcome -> told.incrementAndGet());
                    assertTrue(current.get().succeed(0));
                    assertFalse(current.get().succeed(1));
                    assertTrue(told.get() > before, "who watches was not told");
                });
    }

    static Place group(Io one, Io two) {
        Group group = new Group();
        AtomicInteger started = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        return LockPlaces.place(
                (io, random) -> {
                    if (random.nextInt(3) == 0) {
                        SplittableRandom own = random.split();
                        group.async(random.nextBoolean() ? one : two, () -> {
                            started.incrementAndGet();
                            try {
                                Chance.hold(one, own);
                            } finally {
                                ended.incrementAndGet();
                            }
                        });
                    } else {
                        group.await(io, Chance.timeoutAlways(random));
                    }
                },
                io -> {
                    group.await(io);
                    assertEquals(started.get(), ended.get(), "members started and ended");
                });
    }
}
