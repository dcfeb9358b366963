package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The rows of the table of {@link Custody}. */
class CustodyTest {
    private final Custody<String> custody = new Custody<>(true);

    @Test
    void nobody_gets_in_while_the_owner_is_inside() {
        assertFalse(custody.tryStandIn("spare"));
        assertFalse(custody.isAway());
        assertFalse(custody.isLent());
        assertNull(custody.spare());
    }

    @Test
    void one_spare_gets_in_while_the_owner_is_away() {
        custody.lend();
        assertTrue(custody.isLent());
        assertTrue(custody.tryStandIn("spare"));
        assertEquals("spare", custody.spare());
        assertFalse(custody.tryStandIn("another"));
        custody.giveBack();
        assertTrue(custody.tryStandIn("another"));
        custody.giveBack();
        custody.takeBack();
        assertFalse(custody.isLent());
        assertFalse(custody.tryStandIn("spare"));
    }

    @Test
    void what_is_not_shared_is_never_lent() {
        Custody<String> own = new Custody<>(false);
        own.lend();
        assertFalse(own.isLent());
        assertFalse(own.tryStandIn("spare"));
        own.takeBack();
        assertNull(own.spare());
    }

    @Test
    void the_owner_waits_until_the_spare_is_out() throws Exception {
        CountDownLatch lent = new CountDownLatch(1);
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean met = new AtomicBoolean();
        Thread owner = new Thread(() -> {
            custody.lend();
            lent.countDown();
            while (!inside.get()) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt(); // it must not spin on that
            custody.takeBack();
            met.set(inside.get());
        });
        owner.start();
        lent.await();
        assertTrue(custody.tryStandIn("spare"));
        inside.set(true);
        while (owner.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        inside.set(false);
        custody.giveBack();
        owner.join();
        assertFalse(met.get());
    }

    @Test
    void an_owner_that_comes_back_again_and_again_is_always_let_in() throws Exception {
        int[] count = new int[1]; // who has custody
        int rounds = 200_000;
        AtomicBoolean stop = new AtomicBoolean();
        int[] standIns = new int[1]; // the spare
        Thread spare = new Thread(() -> {
            while (!stop.get()) {
                if (custody.tryStandIn("spare")) {
                    count[0]++;
                    standIns[0]++;
                    custody.giveBack();
                }
            }
        });
        spare.start();
        for (int i = 0; i < rounds; i++) {
            custody.lend();
            custody.takeBack();
            count[0]++;
        }
        stop.set(true);
        spare.join();
        assertEquals(rounds + standIns[0], count[0]);
    }
}
