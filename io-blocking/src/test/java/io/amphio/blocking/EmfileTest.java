package io.amphio.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.Io;
import io.vavr.control.Try;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmfileTest {
    @ParameterizedTest
    @EnumSource
    @DisabledOnOs(OS.WINDOWS) // there is no such limit to set
    void an_accept_loop_survives_a_process_out_of_descriptors(Tests.On on) throws Exception {
        String classPath = Stream.of(EmfileProgram.class, BlockingIo.class, Io.class, Try.class, matchOfVavr())
                .map(EmfileTest::root)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 120 && exec \"$0\" \"$@\"",
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        EmfileProgram.class.getName(),
                        on.name())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("served them all\n", output);
        assertEquals(0, process.waitFor());
    }

    /** Vavr needs it to load. */
    private static Class<?> matchOfVavr() throws ClassNotFoundException {
        return Class.forName("io.vavr.API$Match");
    }

    /** Where {@code type} was loaded from: a folder or a jar. */
    private static String root(Class<?> type) {
        String resource = type.getName().replace('.', '/') + ".class";
        URL url = Objects.requireNonNull(type.getResource("/" + resource), resource);
        String text = url.toString();
        String root = text.startsWith("jar:")
                ? text.substring("jar:".length(), text.indexOf("!/"))
                : text.substring(0, text.length() - resource.length());
        return Path.of(URI.create(root)).toString();
    }
}
