package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.amphio.Io;
import io.amphio.evented.ClassFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Out of file descriptors, an accept fails and says so; with one free again, the connection is still there. */
@Timeout(60) // starts a JVM
class DescriptorLimitTest {
    @ParameterizedTest
    @MethodSource("io.amphio.evented.loop.OnBackend#all")
    void an_accept_survives_the_limit(String backend) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        String classPath = ClassFiles.path(EventLoop.class, AcceptAtLimit.class, Io.class, Native.class);
        Process process = ClassFiles.start(64, classPath, AcceptAtLimit.class, backend);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertTrue(output.contains("open a socket: too many open files (EMFILE)"), output);
        assertTrue(output.endsWith("accept failed: EMFILE\naccepted\n"), output);
    }
}
