package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts the packaged demo in every way that a user may, each time with native access denied to all who did not ask. */
class DemoIT {
    private static final String MAIN = "io.amphio.examples.Demo";
    private static final String JAR = Path.of("target", "demo.jar").toString();
    private static final String LIBRARIES = Path.of("target", "lib").toString();

    enum Way {
        MODULE_PATH,
        CLASS_PATH,
        JAR;

        /** What comes between {@code java} and the demo's own arguments. */
        List<String> options() {
            return switch (this) {
                case MODULE_PATH ->
                    List.of(
                            "--add-opens=java.base/java.lang=io.amphio.evented",
                            "--module-path=" + DemoIT.JAR + File.pathSeparator + LIBRARIES,
                            "--module=io.amphio.examples/" + MAIN);
                case CLASS_PATH ->
                    List.of(
                            "--add-opens=java.base/java.lang=ALL-UNNAMED",
                            "--class-path=" + DemoIT.JAR + File.pathSeparator + LIBRARIES + File.separator + "*",
                            MAIN);
                case JAR -> List.of("-jar", DemoIT.JAR);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_demo_starts_in_every_way(Way way) throws Exception {
        var demo = start(way, "--help");
        var output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, demo.waitFor(), output);
        assertTrue(output.contains("Usage: demo"), output);
    }

    private static Process start(Way way, String... arguments) throws IOException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("--illegal-native-access=deny");
        command.addAll(way.options());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
