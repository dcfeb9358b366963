package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    @Test
    void a_strike_interrupts_and_the_end_clears_it() {
        Interruption interruption = new Interruption();
        assertFalse(interruption.hasStruck());
        interruption.strike();
        interruption.strike();
        assertTrue(interruption.hasStruck());
        assertTrue(Thread.currentThread().isInterrupted());
        interruption.end();
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void after_the_end_a_strike_does_nothing() {
        Interruption interruption = new Interruption();
        interruption.end();
        interruption.strike();
        assertFalse(interruption.hasStruck());
        assertFalse(Thread.interrupted());
    }

    @Test
    void a_flag_that_was_set_before_stays_set() {
        Thread.currentThread().interrupt();
        Interruption interruption = new Interruption();
        interruption.strike();
        interruption.end();
        assertTrue(Thread.interrupted());
    }

    /** What runs on the striker's thread inside of {@link Thread#interrupt}. */
    private static final class SlowToClose extends AbstractInterruptibleChannel {
        final CountDownLatch closing = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);

        @Override
        protected void implCloseChannel() {
            closing.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void beginBlocking() {
            begin();
        }
    }

    @Test
    void the_end_waits_for_a_strike_that_is_under_way() throws Exception {
        SlowToClose channel = new SlowToClose();
        AtomicReference<Interruption> interruption = new AtomicReference<>();
        AtomicReference<Boolean> flagAfterEnd = new AtomicReference<>();
        Thread body = Thread.ofPlatform().start(() -> {
            channel.beginBlocking();
            interruption.set(new Interruption());
            try {
                channel.closing.await();
            } catch (InterruptedException struck) {
                while (channel.closing.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }
            interruption.get().end();
            flagAfterEnd.set(Thread.currentThread().isInterrupted());
        });
        while (interruption.get() == null) {
            Thread.onSpinWait();
        }
        Thread striker = Thread.ofPlatform().start(() -> interruption.get().strike());
        channel.closing.await();
        while (flagAfterEnd.get() == null && !isIn(body, "end")) {
            Thread.onSpinWait();
        }
        assertNull(flagAfterEnd.get(), "it ended while the strike was under way");
        channel.release.countDown();
        body.join();
        striker.join();
        assertEquals(false, flagAfterEnd.get());
    }

    private static boolean isIn(Thread thread, String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Interruption.class.getName())
                        && frame.getMethodName().equals(method));
    }
}
