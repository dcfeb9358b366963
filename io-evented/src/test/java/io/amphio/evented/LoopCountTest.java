package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.vavr.CheckedFunction0;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many loops there are: as many as processors that this process may use, or as it is told. */
class LoopCountTest {
    @Test
    void the_default_is_one_for_each_processor_that_is_available() {
        assertEquals(Runtime.getRuntime().availableProcessors(), EventedOptions.DEFAULT.loops());
        try (IoRuntime runtime = EventedIo.open()) {
            assertEquals(
                    EventedOptions.DEFAULT.loops(), EventedIo.metrics(runtime).size());
        }
    }

    @Test
    @Timeout(60) // it starts a JVM
    void a_limit_of_processors_is_followed() throws Exception {
        Process limited = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=3", // what a quota of 2.1 to 3 processors amounts to
                        "-cp",
                        ClassFiles.path(EventedOptions.class, Report.class, Io.class, CheckedFunction0.class),
                        Report.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(limited.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("3 loops", output.strip());
    }

    /** The program that is started. */
    static final class Report {
        private Report() {}

        public static void main(String[] args) {
            System.out.println(EventedOptions.DEFAULT.loops() + " loops");
        }
    }

    @Test
    void an_option_says_otherwise() {
        try (IoRuntime runtime = IoRuntime.open(IoOptions.of("evented").with("loops", "5"))) {
            assertEquals(5, EventedIo.metrics(runtime).size());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> IoRuntime.open(IoOptions.of("evented").with("loops", "65")));
    }
}
