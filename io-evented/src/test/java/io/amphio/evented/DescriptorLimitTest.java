package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.amphio.Io;
import io.vavr.CheckedFunction0;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A runtime whose process has run out of descriptors, although its classes are files in directories: each operation fails for
 * itself and says so, and when there are some again all goes on. In passing: what the slow initializers of the JDK and of ours do, they
 * do while the runtime opens, and on no loop.
 */
@Timeout(60) // starts a JVM
class DescriptorLimitTest {
    private static final int FILES = 100;
    private static final List<String> SLOW = List.of(
            "java/net/InetAddress",
            "java/nio/channels/spi/SelectorProvider$Holder",
            "sun/nio/ch/Net",
            "sun/nio/ch/SocketChannelImpl",
            "sun/nio/ch/ServerSocketChannelImpl",
            "io/amphio/evented/backend/fd/Sockets",
            "io/amphio/evented/backend/fd/FdProvider$Files",
            "io/amphio/evented/backend/nio/NioFiles");

    @ParameterizedTest
    @MethodSource("io.amphio.evented.TestBackends#names")
    void operations_fail_one_by_one_and_the_loops_go_on(String backend, @TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Path log = directory.resolve("initializers");
        Path data = Files.createFile(directory.resolve("data"));
        String classPath = ClassFiles.path(
                EventedIo.class,
                AtDescriptorLimit.class,
                Io.class,
                Native.class,
                CheckedFunction0.class,
                Class.forName("org.xbill.DNS.Name"),
                Class.forName("org.slf4j.Logger"));
        Process process = ClassFiles.start(
                FILES,
                List.of("-Xlog:class+init=info:file=" + log),
                classPath,
                AtDescriptorLimit.class,
                backend,
                data.toString());
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("""
                    full
                    connect: IOException EMFILE
                    listen: IOException EMFILE
                    open: FileSystemException EMFILE
                    wait: TimedOutException
                    echoed 7, 1
                    connect: ConnectException ECONNREFUSED
                    closed
                    """, output);
        } finally {
            process.destroyForcibly().waitFor();
        }
        List<String> initialized = Files.readAllLines(log).stream()
                .filter(line -> SLOW.stream().anyMatch(name -> line.contains("Initializing '" + name + "'")))
                .toList();
        assertTrue(initialized.toString().contains("'sun/nio/ch/Net'"), "the JVM logs it in another way");
        String onLoops = initialized.stream()
                .filter(line -> line.contains("by thread \"amphio-"))
                .filter(line -> !line.contains("amphio-jdk-pollers"))
                .collect(Collectors.joining("\n"));
        assertEquals("", onLoops);
    }
}
