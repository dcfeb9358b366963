package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.IoRuntime;
import org.junit.jupiter.api.Test;

class CallThreadsTest {
    @Test
    void they_are_numbered_after_one_dash() {
        try (IoRuntime runtime = EventedIo.open()) {
            runtime.run(io -> {
                String name = io.call(io, () -> Thread.currentThread().getName());
                assertTrue(name.matches("amphio-call-[1-9][0-9]*"), name);
            });
        }
    }
}
