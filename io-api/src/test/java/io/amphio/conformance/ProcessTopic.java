package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Timeout;
import io.amphio.process.Child;
import io.amphio.process.ExitStatus;
import io.amphio.process.PipeSource;
import io.amphio.process.ProcessSpec;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What cases of processes have in common. The peers are real programs: sh, cat, sleep, head, yes. */
abstract class ProcessTopic extends Conformance {
    static final Timeout LONG = Timeout.after(PATIENCE);
    static final Timeout SHORT = Timeout.afterMillis(30);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Runs {@code body} as a main task, and checks that nothing of a process is left; or checks the refusal, where there is one. */
    final void runWithProcesses(IoRuntime.Main<Exception> body) throws Exception {
        run(io -> {
            if (isRefused(io)) {
                return;
            }
            io.processes().run(io, ProcessSpec.of("true")); // what the JDK opens once
            Set<Long> children = children();
            long pipes = pipes();
            body.run(io);
            until(io, () -> children.containsAll(children()));
            until(io, () -> pipes() <= pipes);
        });
    }

    private static boolean isRefused(Io io) {
        try {
            io.processes();
            return false;
        } catch (UnsupportedOperationException refused) {
            assertTrue(
                    String.valueOf(refused.getMessage()).startsWith("processes in a simulation: "),
                    refused::getMessage);
            return true;
        }
    }

    /** Returns the numbers of all children of this process, those too that have ended and were not reaped. */
    static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    static boolean isGone(long pid) {
        return ProcessHandle.of(pid).isEmpty();
    }

    /** Returns how many ends of pipes are open: a loop that comes to help, say, has descriptors of other kinds. */
    static long pipes() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(ProcessTopic::isPipe).count();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    static ProcessSpec shell(String script, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "-c";
        all[1] = script;
        all[2] = "sh";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return ProcessSpec.of("/bin/sh", all);
    }

    static Child spawn(Io io, ProcessSpec spec) throws IOException {
        return io.processes().spawn(io, spec);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String readAll(Io io, PipeSource source) throws IOException {
        return new String(new Reader(source).readAll(io, 1 << 24), StandardCharsets.UTF_8);
    }

    static String readLine(Io io, PipeSource source) throws IOException {
        return String.valueOf(new Reader(source).readLine(io, 100));
    }

    static void assertExits(Io io, int code, Child child) {
        assertEquals(new ExitStatus(code), child.await(io, LONG));
    }

    static Duration sinceNanos(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
