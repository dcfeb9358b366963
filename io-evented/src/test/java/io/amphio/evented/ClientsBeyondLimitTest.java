package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.amphio.Io;
import io.vavr.CheckedFunction0;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server with 128 file descriptors serves 500 clients, one after the other where it must, and idles while it cannot. */
@Timeout(60) // starts a JVM
class ClientsBeyondLimitTest {
    private static final int FILES = 128;
    private static final int CLIENTS = 500;
    private static final Duration WATCHED = Duration.ofMillis(800);

    @ParameterizedTest
    @MethodSource("io.amphio.evented.TestBackends#names")
    void every_client_is_served_in_the_end_and_the_server_does_not_spin(String backend, @TempDir Path directory)
            throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Path archive = ClassFiles.pack(directory.resolve("all.jar"), EventedIo.class, EchoAtLimit.class, Io.class);
        String classPath = archive
                + File.pathSeparator
                + ClassFiles.path(
                        Io.class,
                        EventedIo.class,
                        Native.class,
                        CheckedFunction0.class,
                        Class.forName("org.xbill.DNS.Name"),
                        Class.forName("org.slf4j.Logger"));
        Process server = ClassFiles.start(FILES, classPath, EchoAtLimit.class, backend);
        try {
            var output = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
            int port = Integer.parseInt(output.readLine());
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) { // the system accepts them all
                clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            assertEquals(7, echoed(clients.getFirst(), 7));
            Duration before = cpu(server);
            Thread.sleep(WATCHED); // what is measured, not what is waited for
            Duration used = cpu(server).minus(before);
            assertTrue(used.compareTo(WATCHED.dividedBy(2)) < 0, () -> "CPU while it could accept nobody: " + used);
            for (Socket client : clients) { // in their order, so that each that goes lets one in
                assertEquals(9, echoed(client, 9));
                client.close();
            }
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static int echoed(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        return client.getInputStream().read();
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }
}
