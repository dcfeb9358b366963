package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.evented.ClassFiles;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Out of file descriptors, an accept fails and says so; with one free again, the connection is still there. */
@Timeout(60) // starts a JVM
class DescriptorLimitTest {
    @Test
    void an_accept_survives_the_limit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = ClassFiles.of(EventLoop.class) + File.pathSeparator + ClassFiles.of(AcceptAtLimit.class);
        var builder = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 64 && exec \"$@\"",
                        "sh",
                        java,
                        "-Xshare:auto",
                        "-XX:-MaxFDLimit",
                        "-cp",
                        classPath,
                        AcceptAtLimit.class.getName())
                .redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertTrue(output.contains("open a socket: too many open files (EMFILE)"), output);
        assertTrue(output.endsWith("accept failed: EMFILE\naccepted\n"), output);
    }
}
