package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.testing.ThreadIo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows of its state table, one by one. */
class SharedCallsTest {
    private final Io io = ThreadIo.platform();
    private final SharedCalls<String, Integer> calls = new SharedCalls<>();
    private final List<Completer<Integer>> started = new ArrayList<>();
    private int canceled;

    private SharedCalls<String, Integer>.Asked ask(String key) {
        return calls.ask(key, "work for " + key, () -> {
            List<Completer<Integer>> own = new ArrayList<>();
            own.add(new Completer<>(key, () -> {
                canceled++;
                own.getFirst().complete(new Outcome.Canceled<>(new CanceledException("nobody", null)));
            }));
            started.add(own.getFirst());
            return own.getFirst().future();
        });
    }

    @Test
    void all_who_ask_at_the_same_time_have_one_result() {
        try (var first = ask("a");
                var second = ask("a");
                var other = ask("b")) {
            assertEquals(2, started.size());
            assertEquals(2, calls.size());
            started.getFirst().succeed(7);
            assertEquals(7, first.await(io, Timeout.NONE));
            assertEquals(7, second.await(io, Timeout.NONE));
            assertNotEquals(first, other);
            started.getLast().succeed(8);
            assertEquals(8, other.await(io, Timeout.NONE));
        }
        assertEquals(0, calls.size());
        assertEquals(0, canceled);
    }

    @Test
    void one_who_leaves_leaves_the_others_alone_and_the_last_ends_it() {
        var first = ask("a");
        var second = ask("a");
        assertThrows(TimedOutException.class, () -> first.await(io, Timeout.afterMillis(1)));
        first.close();
        first.close();
        assertEquals(0, canceled);
        assertEquals(1, calls.size());
        second.close();
        assertEquals(1, canceled);
        assertEquals(0, calls.size());
        try (var third = ask("a")) {
            assertEquals(2, started.size(), "the old work was canceled");
            started.getLast().succeed(9);
            assertEquals(9, third.await(io, Timeout.NONE));
        }
    }

    @Test
    void who_asks_after_the_end_starts_again() {
        try (var first = ask("a")) {
            started.getFirst().succeed(1);
            try (var second = ask("a")) {
                started.getLast().succeed(2);
                assertEquals(1, first.await(io, Timeout.NONE));
                assertEquals(2, second.await(io, Timeout.NONE));
            }
        }
    }

    @Test
    void work_that_cannot_start_is_told_and_forgotten() {
        assertThrows(
                ArithmeticException.class,
                () -> calls.ask("a", "work", () -> {
                    throw new ArithmeticException();
                }));
        assertEquals(0, calls.size());
        ask("a").close();
        assertFalse(started.isEmpty());
    }

    @Test
    void work_that_another_cancels_is_of_a_closed_runtime() {
        try (var first = ask("a")) {
            started.getFirst().future().requestCancel();
            String message = assertThrows(IllegalStateException.class, () -> first.await(io, Timeout.NONE))
                    .getMessage();
            assertTrue(message.contains("the runtime is closed"), message);
        }
    }
}
