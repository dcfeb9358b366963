package io.amphio.evented.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The rows of the state table, by pulses of the test's own. */
class LooksTest {
    private static final int MANY = 1000;

    private final Looks looks = new Looks();

    private void look(int times, long pulse) {
        for (int i = 0; i < times; i++) {
            looks.look(pulse, false);
        }
    }

    @Test
    void the_same_pulse_is_stuck_at_the_fourth_look_after_the_first_and_told_at_five_times_that() {
        look(1 + 3, 7);
        assertFalse(looks.isStuck());
        look(1, 7);
        assertTrue(looks.isStuck());
        look(15, 7);
        assertFalse(looks.isToBeTold());
        look(1, 7);
        assertTrue(looks.isToBeTold());
        assertEquals(20, looks.count());
    }

    @Test
    void one_that_gets_a_little_time_now_and_then_is_never_told() {
        for (long pulse = 1; pulse < MANY; pulse++) {
            look(20, pulse);
            assertFalse(looks.isToBeTold());
        }
    }

    @Test
    void another_pulse_ends_it() {
        look(MANY, 7);
        look(1, 8);
        assertFalse(looks.isStuck());
        assertEquals(0, looks.count());
    }

    @Test
    void one_that_is_in_the_kernel_is_not_stuck_and_begins_anew_after() {
        look(MANY, 7);
        looks.look(7, true);
        assertFalse(looks.isStuck());
        look(3, 7);
        assertFalse(looks.isStuck());
        look(1, 7);
        assertTrue(looks.isStuck());
    }

    @Test
    void one_that_has_not_begun_is_not_stuck() {
        look(MANY, 0);
        assertFalse(looks.isStuck());
        look(1 + 3, 1);
        assertFalse(looks.isStuck());
    }

    @Test
    void it_is_still_only_with_the_same_pulse_and_outside_of_the_kernel() {
        look(1, 7);
        assertTrue(looks.isStill(7, false));
        assertFalse(looks.isStill(8, false));
        assertFalse(looks.isStill(7, true));
    }
}
