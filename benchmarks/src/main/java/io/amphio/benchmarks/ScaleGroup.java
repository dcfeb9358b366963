package io.amphio.benchmarks;

import io.amphio.benchmarks.Contender.Kind;
import java.util.ArrayList;
import java.util.List;

/** What one task, timer and waiter costs, of a thousand up to a million. */
final class ScaleGroup {
    private static final long LIMIT_SECONDS = 300;

    private final Settings settings;

    ScaleGroup(Settings settings) {
        this.settings = settings;
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String kind : List.of("task", "timer", "waiter")) {
            int most = kind.equals("waiter") || settings.quick() ? 100_000 : 1_000_000;
            for (int count = 1_000; count <= most; count *= 10) {
                String name = kind + "/" + count;
                List<String> command =
                        Commands.java("Scale", "-Xms2g", "-Xmx2g", "-XX:+UseSerialGC", "loops=1", "case=" + name);
                rows.add(new Row(
                        name,
                        List.of(Metric.less("ns", "ns each"), Metric.less("bytes", "B each")),
                        List.of(new Contender(
                                "amphio",
                                Kind.OURS,
                                () -> CaseGroup.numbers(Program.run(command, Commands.MODULE, LIMIT_SECONDS))))));
            }
        }
        return rows;
    }
}
