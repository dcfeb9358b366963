package io.amphio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.testing.Started;
import io.amphio.testing.ThreadIo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cancel of who waits for several tasks reaches all of them. */
class TasksCancelTest {
    @Test
    void a_canceled_awaitAll_hands_the_request_on_to_every_task() {
        try (ThreadIo io = ThreadIo.virtual()) {
            Completer<String> first = new Completer<>();
            Completer<String> second = new Completer<>();
            Started<List<String>> waiting = Started.call(
                            io, "waiting", () -> Tasks.awaitAll(io, List.of(first.future(), second.future())))
                    .untilWaits();
            assertTrue(waiting.cancel());
            assertEquals(
                    List.of(true, true),
                    List.of(first.future().isDone(), second.future().isDone()));
        }
    }
}
