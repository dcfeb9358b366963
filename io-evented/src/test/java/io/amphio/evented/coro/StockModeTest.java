package io.amphio.evented.coro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In stock mode the JDK runs a scheduled coroutine, and nobody asks the scheduler. */
class StockModeTest {
    private static final CoroutineScheduler NEVER_ASKED = new CoroutineScheduler() {
        @Override
        public void runnable(Coroutine coroutine) {
            throw new AssertionError("asked");
        }

        @Override
        public boolean foreign(Coroutine parent, Runnable continuation) {
            throw new AssertionError("asked");
        }
    };

    @Test
    void a_scheduled_coroutine_just_starts() throws Exception {
        var current = new AtomicReference<@Nullable Coroutine>();
        var coroutine = Coroutine.create(SchedulerBridge.stock(), NEVER_ASKED, "task", () -> {
            current.set(Coroutine.current());
            Coroutine.yield();
        });
        assertFalse(coroutine.isDone());
        coroutine.start();
        coroutine.thread().join();
        assertTrue(coroutine.isDone());
        assertNull(coroutine.failure());
        assertEquals(coroutine, current.get());
    }

    @Test
    void nobody_but_the_jdk_carries_it() {
        var coroutine = Coroutine.create(SchedulerBridge.stock(), NEVER_ASKED, "task", () -> {});
        var failure = assertThrows(IllegalStateException.class, coroutine::runUntilParked);
        assertEquals("run of coroutine \"task\": the JDK schedules it (mode STOCK)", failure.getMessage());
    }
}
