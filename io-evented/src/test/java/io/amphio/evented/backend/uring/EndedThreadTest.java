package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Backend.AlarmClock;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.Operation.Outcome;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A ring without an owner, as a virtual thread has one, whose submitting thread has ended: the kernel cancels what that thread has
 * asked for, and the ring asks again.
 */
class EndedThreadTest {
    private static final RingOptions UNOWNED = new RingOptions(8, 16, false, false);

    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    private interface Body {
        void run() throws Exception;
    }

    /** Runs it in a thread that has ended for the kernel too when this returns. */
    private static void inThread(Body body) throws Exception {
        var failure = new AtomicReference<Throwable>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    @Test
    void it_is_still_woken() throws Exception {
        try (var driven = new Driven(UNOWNED)) {
            for (int i = 0; i < 20; i++) {
                inThread(() -> driven.backend.poll(0));
                var waker = Thread.ofPlatform().start(driven.backend::wake);
                driven.backend.poll(-1);
                waker.join();
                driven.backend.poll(0);
            }
        }
    }

    @Test
    void its_operations_end_as_they_would_have() throws Exception {
        try (var driven = new Driven(UNOWNED)) {
            for (int i = 0; i < 20; i++) {
                var pair = driven.connect();
                var buffer = ByteBuffer.allocate(8);
                var begun = new Operation[2];
                inThread(() -> {
                    begun[0] = driven.submit(Kind.RECEIVE, pair.server(), buffer);
                    begun[1] = driven.submit(Kind.POLL_READABLE, pair.client());
                    driven.backend.poll(0);
                });
                pair.client().trySend(new ByteBuffer[] {ByteBuffer.allocate(3)});
                pair.server().trySend(new ByteBuffer[] {ByteBuffer.allocate(3)});
                assertEquals(3, driven.done(begun[0]).count());
                driven.done(begun[1]);
                pair.client().close();
                pair.server().close();
            }
        }
    }

    @Test
    void its_operations_are_canceled_once_somebody_asks_for_it() throws Exception {
        try (var driven = new Driven(UNOWNED)) {
            var pair = driven.connect();
            var begun = new Operation[1];
            inThread(() -> {
                begun[0] = driven.submit(Kind.RECEIVE, pair.server(), ByteBuffer.allocate(8));
                driven.backend.poll(0);
            });
            driven.backend.cancel(begun[0]);
            driven.await(begun[0]);
            assertEquals(Outcome.CANCELED, begun[0].outcome());
        }
    }

    @ParameterizedTest
    @EnumSource
    void its_alarms_go_off_at_their_time(AlarmClock clock) throws Exception {
        try (var driven = new Driven(UNOWNED)) {
            var backend = driven.backend;
            long due = backend.readClock(clock) + TimeUnit.MILLISECONDS.toNanos(50);
            inThread(() -> {
                assertTrue(backend.setAlarm(clock, due));
                backend.poll(0);
            });
            while (backend.readClock(clock) < due) {
                backend.poll(TimeUnit.HOURS.toNanos(1));
            }
        }
    }
}
