package io.amphio.benchmarks;

import io.amphio.benchmarks.Contender.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The benchmarks under JMH, with what each operation allocates. */
final class JmhGroup {
    private static final Path RESULT = Commands.MODULE.resolve("target/jmh.csv");

    private final Settings settings;

    JmhGroup(Settings settings) {
        this.settings = settings;
    }

    List<Row> rows() throws IOException, InterruptedException {
        String time = settings.quick() ? "300ms" : "1s";
        List<String> command = Commands.java(
                "org.openjdk.jmh.Main",
                "-prof",
                "gc",
                "-rf",
                "csv",
                "-rff",
                RESULT.toString(),
                "-w",
                time,
                "-r",
                time,
                "-wi",
                settings.quick() ? "3" : "5",
                "-i",
                settings.quick() ? "3" : "5",
                "-f",
                settings.quick() ? "1" : "3",
                "io.amphio.benchmarks.jmh.*");
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException("JMH failed");
        }
        Map<String, Map<String, Double>> results = new HashMap<>();
        for (String line : Files.readAllLines(RESULT)) {
            String[] fields = line.replace("\"", "").split(",", -1);
            int metric = fields[0].indexOf(":·gc.alloc.rate.norm") + fields[0].indexOf(":gc.alloc.rate.norm") + 1;
            String name = fields[0].split(":", 2)[0].replaceAll(".*\\.jmh\\.", "");
            if (metric > 0) {
                results.computeIfAbsent(name, _ -> new HashMap<>()).put("bytes", Double.parseDouble(fields[4]));
            } else if (!fields[0].contains(":") && !fields[0].equals("Benchmark")) {
                results.computeIfAbsent(name, _ -> new HashMap<>()).put("ns", Double.parseDouble(fields[4]));
            }
        }
        List<Row> rows = new ArrayList<>();
        results.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(result -> {
            Row row = new Row(
                    result.getKey(),
                    List.of(Metric.less("ns", "ns/op"), Metric.less("bytes", "B/op")),
                    List.of(new Contender("amphio", Kind.OURS, result::getValue)));
            rows.add(row);
        });
        return rows;
    }
}
