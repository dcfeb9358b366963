package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.ffi.UringRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tests of the ring share. */
final class Uring {
    private Uring() {}

    static void assumeAvailable() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "this is not Linux");
        String refusal = new UringProvider().refusal();
        assumeTrue(refusal == null, refusal);
    }

    static UringBackend open(int submissions, int completions, CompletionSink sink) throws UringRefusal {
        return open(new RingOptions(submissions, completions, false, true), sink);
    }

    static UringBackend open(RingOptions options, CompletionSink sink) throws UringRefusal {
        return UringBackend.open(options, sink, UringSupport.requests());
    }

    /** What this process holds of rings and event counters. */
    static List<String> held() throws IOException {
        List<String> held;
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            held = entries.map(Uring::target)
                    .filter(target -> target.contains("[io_uring]") || target.contains("[eventfd]"))
                    .sorted()
                    .toList();
        }
        return held;
    }

    /** The lengths of all mappings of the process that are rings, or that stand alone like our memory. */
    static long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("[io_uring]")).count();
        }
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }
}
