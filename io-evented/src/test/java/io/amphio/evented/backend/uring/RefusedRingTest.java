package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import io.amphio.Io;
import io.amphio.evented.ClassFiles;
import io.amphio.evented.ffi.UringRefusal;
import io.amphio.evented.loop.EventLoop;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the kernel refuses a ring, that is said in one line, and loops stand on epoll. */
class RefusedRingTest {
    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    @Timeout(60) // starts a JVM
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    425 |  1 | io_uring_setup: operation not permitted (EPERM); likely cause: a seccomp filter, as container runtimes have one
                    425 | 38 | io_uring_setup: function not implemented (ENOSYS); likely cause: a kernel before 5.13, or one without io_uring, or a seccomp filter
                    425 | 22 | io_uring_setup: invalid argument (EINVAL); likely cause: a kernel that lacks what we need of io_uring
                    425 | 12 | io_uring_setup: cannot allocate memory (ENOMEM); likely cause: the limit on locked memory (ulimit -l), which kernels before 5.12 charge rings to
                    426 |  1 | io_uring_enter: operation not permitted (EPERM); likely cause: a seccomp filter, as container runtimes have one
                    427 |  1 | io_uring_register to probe opcodes: operation not permitted (EPERM); likely cause: a seccomp filter, as container runtimes have one
                    """)
    void a_filtered_call_makes_it_unavailable(int call, int errno, String reason) throws Exception {
        assertEquals(
                List.of(reason, "auto is epoll", "backend \"uring\" is not available here: " + reason),
                run(String.valueOf(call), String.valueOf(errno)));
    }

    private static List<String> run(String... arguments) throws Exception {
        String classPath = Stream.of(EventLoop.class, RefusedRing.class, Io.class, Native.class, NullMarked.class)
                .map(RefusedRingTest::placeOf)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        var command = Stream.concat(
                Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        RefusedRing.class.getName()),
                Stream.of(arguments));
        var builder = new ProcessBuilder(command.toList()).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }

    private static String placeOf(Class<?> type) {
        var url = type.getResource("/" + type.getName().replace('.', '/') + ".class");
        if (url != null && url.getProtocol().equals("jar")) {
            String file =
                    url.getPath().substring("file:".length(), url.getPath().indexOf('!'));
            return Path.of(file).toString();
        }
        return ClassFiles.of(type).toString();
    }

    @Test
    void the_switch_of_the_kernel_is_named() {
        assertEquals(
                "io_uring_setup: operation not permitted (EPERM); likely cause: kernel.io_uring_disabled=2",
                UringSupport.explain(new UringRefusal("io_uring_setup", 1), "2"));
        assertTrue(
                UringSupport.explain(new UringRefusal("io_uring_setup", 1), "0").endsWith("have one"));
        assertEquals(
                "io_uring_setup: too many open files (EMFILE)",
                UringSupport.explain(new UringRefusal("io_uring_setup", 24), "0"));
    }
}
