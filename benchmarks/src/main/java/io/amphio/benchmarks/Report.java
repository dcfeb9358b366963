package io.amphio.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the rows of a group: as a table to read, as tab-separated values and as a chart. */
final class Report {
    private final Path folder;
    private final Settings settings;

    Report(Path folder, Settings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    void group(String group, List<Row> rows) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        table(System.out, group, rows);
        Files.createDirectories(folder);
        Files.write(folder.resolve(group + ".tsv"), values(rows), StandardCharsets.UTF_8);
        Charts.write(folder, group, rows);
    }

    /** A number with as many digits as tell something. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    // ---------------------------------------------------------------- the table

    private static void table(PrintStream out, String group, List<Row> rows) {
        List<String[]> lines = new ArrayList<>();
        lines.add(new String[] {group, "unit", "ours", "best peer", "ratio", "all", "target", ""});
        for (Row row : rows) {
            for (Metric metric : row.metrics) {
                line(row, metric).ifPresent(lines::add);
            }
        }
        int[] widths = new int[lines.getFirst().length];
        for (String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        out.println();
        for (String[] line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", line[i]));
            }
            out.println(text.toString().stripTrailing());
        }
        out.println();
    }

    private static Optional<String[]> line(Row row, Metric metric) {
        return row.best(Contender.Kind.OURS, metric).map(ours -> new String[] {
            row.name,
            metric.unit(),
            value(row, ours, metric),
            row.best(Contender.Kind.PEER, metric)
                    .map(peer -> value(row, peer, metric) + " " + peer.engine())
                    .orElse("-"),
            row.ratio(metric, Metric.Target.BEST).map(Report::number).orElse("-"),
            row.contenders.stream()
                    .filter(one -> row.median(one.engine(), metric).isPresent())
                    .map(one -> one.engine() + " " + value(row, one, metric))
                    .collect(Collectors.joining(", ")),
            metric.targets().stream()
                    .map(target -> (metric.lessIsBetter() ? "<= " : ">= ") + target)
                    .collect(Collectors.joining(", ")),
            row.verdict(metric)
        });
    }

    private static String value(Row row, Contender contender, Metric metric) {
        return row.median(contender.engine(), metric).map(Report::number).orElse("-");
    }

    // ---------------------------------------------------------------- the values

    private List<String> values(List<Row> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        machine().forEach((name, value) -> lines.add("# " + name + ": " + value));
        lines.add("# runs: " + settings.runs() + ", each of " + settings.seconds() + " s");
        lines.add(String.join("\t", "case", "metric", "unit", "engine", "kind", "median", "least", "most", "runs"));
        for (Row row : rows) {
            for (Metric metric : row.metrics) {
                for (Contender contender : row.contenders) {
                    List<Double> values = row.values(contender.engine(), metric.name());
                    if (!values.isEmpty()) {
                        lines.add(String.join(
                                "\t",
                                row.name,
                                metric.name(),
                                metric.unit(),
                                contender.engine(),
                                contender.kind().name().toLowerCase(Locale.ROOT),
                                Double.toString(values.get(values.size() / 2)),
                                Double.toString(values.getFirst()),
                                Double.toString(values.getLast()),
                                Integer.toString(values.size())));
                    }
                }
            }
        }
        return lines;
    }

    /** What a reader has to know to compare: no name of a machine, only its kind. */
    private static Map<String, String> machine() throws IOException {
        Map<String, String> machine = new TreeMap<>();
        machine.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put(
                "kernel",
                System.getProperty("os.name") + " "
                        + System.getProperty("os.version").split("-", 2)[0]);
        machine.put("JDK", Runtime.version() + ", " + System.getProperty("java.vendor"));
        libraries(machine);
        Path cpu = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpu)) {
            for (String line : Files.readAllLines(cpu)) {
                if (line.startsWith("model name")) {
                    machine.put("CPU", line.substring(line.indexOf(':') + 2));
                }
            }
        }
        String go = firstLineOf("go", "version");
        if (go != null) {
            machine.put("Go", go);
        }
        return machine;
    }

    /** The versions of the peers, from the names of their jars. */
    private static void libraries(Map<String, String> machine) {
        Map<String, String> jars = Map.of(
                "Jox",
                "channels",
                "Kotlin coroutines",
                "kotlinx-coroutines-core-jvm",
                "Kotlin",
                "kotlin-stdlib",
                "Helidon",
                "helidon-webserver",
                "Netty",
                "netty-common",
                "JMH",
                "jmh-core");
        jars.forEach((name, jar) -> {
            Matcher matcher = Pattern.compile("[/:\\\\]" + jar + "-([0-9][^/:\\\\]*)\\.jar")
                    .matcher(System.getProperty("java.class.path"));
            if (matcher.find()) {
                machine.put(name, matcher.group(1));
            }
        });
    }

    private static @Nullable String firstLineOf(String... command) {
        try {
            return Program.run(List.of(command), Commands.MODULE, 10)
                    .lines()
                    .findFirst()
                    .orElse(null);
        } catch (IOException notThere) {
            return null;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
