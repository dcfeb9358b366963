package io.amphio.benchmarks;

import io.amphio.benchmarks.Contender.Kind;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the start of the demo's process to the answer on its first connection. */
final class StartupGroup {
    private static final Path JAR = Commands.MODULE.resolve("../examples/target/demo.jar");
    private static final Path CACHE = Commands.MODULE.resolve("target/bench.aot");
    private static final int TIMES = 5; // in each run

    List<Row> rows() throws IOException, InterruptedException {
        if (!Files.exists(JAR)) {
            System.err.println("startup: skipped, as there is no " + JAR.normalize());
            return List.of();
        }
        Program.run(command(List.of("-XX:AOTCacheOutput=" + CACHE, "-Xlog:aot*=off"), "--help"), Commands.MODULE, 120);
        Metric millis = Metric.less("ms", "ms");
        return List.of(
                new Row(
                        "demo, AOT cache",
                        List.of(millis),
                        contender(List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot*=off"))),
                new Row("demo, no cache", List.of(millis), contender(List.of())));
    }

    private static List<Contender> contender(List<String> jvm) {
        return List.of(new Contender("amphio", Kind.OURS, () -> Map.of("ms", median(jvm))));
    }

    private static List<String> command(List<String> jvm, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static double median(List<String> jvm) throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            try (Program demo = Program.serve(command(jvm, "notes", "--port", "0"), Commands.MODULE);
                    Socket socket = new Socket("127.0.0.1", demo.port())) {
                socket.getOutputStream()
                        .write("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().read() != 'H') {
                    throw new IOException("the demo did not answer");
                }
                times.add((System.nanoTime() - start) / 1e6);
            }
        }
        return times.stream().sorted().skip(TIMES / 2).findFirst().orElseThrow();
    }
}
