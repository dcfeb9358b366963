package io.amphio.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code ./bench} starts: runs groups of rows, all contenders of a row in turn, and reports. */
public final class Bench {
    /** Makes the rows of a group. */
    @FunctionalInterface
    private interface Group {
        List<Row> rows() throws Exception;
    }

    private Bench() {}

    private static Map<String, Group> groups(Settings settings) {
        CaseGroup cases = new CaseGroup(settings);
        ServerGroup servers = new ServerGroup(settings);
        Map<String, Group> groups = new LinkedHashMap<>();
        groups.put("switch", cases::switching);
        groups.put("tcp", servers::tcp);
        groups.put("bulk", servers::bulk);
        groups.put("idle", servers::idle);
        groups.put("http", new HttpGroup(settings)::rows);
        groups.put("files", cases::files);
        groups.put("blocking", () -> {
            List<Row> rows = cases.blocking();
            rows.addAll(servers.blockingTcp());
            return rows;
        });
        groups.put("scale", () -> {
            List<Row> rows = new ScaleGroup(settings).rows();
            rows.addAll(servers.idleByNumber());
            return rows;
        });
        groups.put("startup", new StartupGroup()::rows);
        groups.put("jmh", new JmhGroup(settings)::rows);
        return groups;
    }

    /** Runs the groups that are named, or all. */
    public static void main(String[] args) throws Exception {
        List<String> named =
                Arrays.stream(args).filter(arg -> !arg.startsWith("--")).toList();
        Settings settings = Settings.of(List.of(args).contains("--quick"));
        String only = Arrays.stream(args)
                .filter(arg -> arg.startsWith("--only="))
                .map(arg -> arg.substring("--only=".length()))
                .findFirst()
                .orElse("");
        Map<String, Group> groups = groups(settings);
        if (!groups.keySet().containsAll(named)) {
            System.err.println("bench: no group " + named + "; there are " + groups.keySet());
            System.exit(2);
        }
        Report report = new Report(Path.of(System.getProperty("bench.results", "results")), settings);
        for (Map.Entry<String, Group> group : groups.entrySet()) {
            if (named.isEmpty() || named.contains(group.getKey())) {
                List<Row> rows = group.getValue().rows().stream()
                        .filter(row -> row.name.contains(only))
                        .toList();
                measure(group.getKey(), rows, settings.runs());
                report.group(group.getKey(), rows);
            }
        }
    }

    /** All contenders of a row take turns, so that a slow minute of the machine hits all of them. */
    private static void measure(String group, List<Row> rows, int runs) {
        int all = runs * rows.stream().mapToInt(row -> row.contenders.size()).sum();
        int done = 0;
        for (Row row : rows) {
            for (int run = 0; run < runs; run++) {
                for (Contender contender : row.contenders) {
                    String result = measure(row, contender);
                    System.err.printf(
                            Locale.ROOT,
                            "[%s %d/%d] %s, %s: %s%n",
                            group,
                            ++done,
                            all,
                            row.name,
                            contender.engine(),
                            result);
                }
            }
        }
    }

    private static String measure(Row row, Contender contender) {
        try {
            Map<String, Double> measured = contender.measurement().run();
            Metric first = row.metrics.getFirst();
            Double value = measured.get(first.name());
            if (value == null) {
                throw new IOException("it printed no " + first.name());
            }
            row.add(contender.engine(), measured);
            return Report.number(value) + " " + first.unit();
        } catch (Exception failed) {
            return "failed: " + failed.getMessage();
        }
    }
}
