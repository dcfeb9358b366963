package io.amphio.benchmarks;

import io.amphio.benchmarks.Contender.Kind;
import io.amphio.benchmarks.Metric.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code GET /ping} under wrk: our example with all it does for a request, and the peers' smallest servers. */
final class HttpGroup {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in ");

    private final Settings settings;

    HttpGroup(Settings settings) {
        this.settings = settings;
    }

    List<Row> rows() {
        try {
            Program.run(List.of("sh", "-c", "command -v wrk"), Commands.MODULE, 10);
        } catch (IOException | InterruptedException missing) {
            System.err.println("http: skipped, as there is no wrk here");
            return List.of();
        }
        List<Contender> contenders = new ArrayList<>();
        for (String backend : settings.backends()) {
            List<String> notes = Commands.java(
                    "io.amphio.examples.Demo", "notes", "--port", "0", "--loops", "1", "--backend", backend);
            contenders.add(one("amphio_" + backend, Kind.OURS, notes));
        }
        contenders.add(one(
                "helidon",
                Kind.PEER,
                Commands.java("peers.HelidonHttp", "-Djdk.virtualThreadScheduler.parallelism=1")));
        for (String transport : List.of("epoll", "io_uring")) {
            contenders.add(one(
                    "netty_" + transport,
                    Kind.PEER,
                    Commands.java("peers.NettyHttp", "--transport", transport, "--loops", "1")));
        }
        return List.of(new Row(
                "GET /ping, 64 connections",
                List.of(
                        Metric.more("per_s", "requests/s", new Target("helidon", 1)),
                        Metric.less("cpu_us", "us CPU/request", new Target("helidon", 1))),
                contenders));
    }

    private Contender one(String engine, Kind kind, List<String> command) {
        return new Contender(engine, kind, () -> {
            try (Program server = Program.serve(command, Commands.MODULE)) {
                wrk(server, LoadDriver.WARM_UP.toSeconds());
                double cpu = Processes.cpuSeconds(server.pid());
                String printed = wrk(server, Math.max(1, Math.round(settings.seconds())));
                cpu = Processes.cpuSeconds(server.pid()) - cpu;
                if (printed.contains("Non-2xx") || printed.contains("Socket errors")) {
                    throw new IOException("wrk met errors: " + printed.replace('\n', ' '));
                }
                return Map.of("per_s", number(RATE, printed), "cpu_us", cpu * 1e6 / number(COUNT, printed));
            }
        });
    }

    private static String wrk(Program server, long seconds) throws IOException, InterruptedException {
        return Program.run(
                List.of("wrk", "-t1", "-c64", "-d" + seconds, "http://127.0.0.1:" + server.port() + "/ping"),
                Commands.MODULE,
                60);
    }

    private static double number(Pattern pattern, String printed) throws IOException {
        Matcher matcher = pattern.matcher(printed);
        if (!matcher.find()) {
            throw new IOException("wrk did not say it: " + printed);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
