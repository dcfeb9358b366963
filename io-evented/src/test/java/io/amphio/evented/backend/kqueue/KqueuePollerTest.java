package io.amphio.evented.backend.kqueue;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.KqueueLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What needs no kqueue: how its answers are read. */
@EnabledOnOs({OS.LINUX, OS.MAC, OS.FREEBSD})
class KqueuePollerTest {
    private static final KqueueLayout EVENT = KqueueLayout.of(Objects.requireNonNull(Abi.current()));

    private static List<Long> withoutWakeUp(long... tokens) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) tokens.length * EVENT.size(), 8);
            for (int i = 0; i < tokens.length; i++) {
                events.set(JAVA_LONG, (long) i * EVENT.size() + KqueueLayout.USER_DATA, tokens[i]);
            }
            int left = KqueuePoller.withoutWakeUp(events, tokens.length);
            List<Long> seen = new ArrayList<>();
            for (int i = 0; i < left; i++) {
                seen.add(events.get(JAVA_LONG, (long) i * EVENT.size() + KqueueLayout.USER_DATA));
            }
            return seen;
        }
    }

    @Test
    void a_wake_up_is_dropped_wherever_it_stands_and_the_other_events_keep_their_order() {
        long wake = KqueuePoller.WAKE_TOKEN;
        assertEquals(List.of(1L, 2L, 3L), withoutWakeUp(wake, 1, 2, 3));
        assertEquals(List.of(1L, 2L, 3L), withoutWakeUp(1, wake, 2, 3));
        assertEquals(List.of(1L, 2L, 3L), withoutWakeUp(1, 2, 3, wake));
        assertEquals(List.of(1L, 2L), withoutWakeUp(1, 2));
        assertEquals(List.of(), withoutWakeUp(wake));
    }
}
