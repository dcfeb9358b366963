package io.amphio.benchmarks;

import io.amphio.benchmarks.Contender.Kind;
import io.amphio.benchmarks.Metric.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Servers on one loop each, under a load from another process: ours, the peers', and the C loop as the floor. */
final class ServerGroup {
    private static final int IDLE = 10_000;

    private final Settings settings;

    ServerGroup(Settings settings) {
        this.settings = settings;
    }

    /** A server's name and how to start it. */
    private record Server(String engine, Kind kind, List<String> command) {}

    private List<Server> servers(String... jvm) {
        List<Server> servers = new ArrayList<>();
        for (String backend : settings.backends()) {
            servers.add(java("amphio_" + backend, Kind.OURS, "TcpServer", jvm, "--backend", backend));
        }
        for (String transport : List.of("epoll", "io_uring")) {
            servers.add(java("netty_" + transport, Kind.PEER, "peers.NettyTcp", jvm, "--transport", transport));
        }
        servers.add(java(
                "jdk",
                Kind.PEER,
                "peers.JdkTcp",
                jvm,
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "--threads",
                "virtual"));
        if (Commands.isBuilt("tcp-go")) {
            servers.add(new Server("go", Kind.PEER, Commands.built("tcp-go", 1)));
        }
        if (Commands.isBuilt("tcp-c")) {
            servers.add(new Server("c", Kind.FLOOR, Commands.built("tcp-c", 1)));
        }
        return servers;
    }

    private static Server java(String engine, Kind kind, String main, String[] jvm, String... arguments) {
        List<String> all = new ArrayList<>(List.of(jvm));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--loops", "1"));
        return new Server(engine, kind, Commands.java(main, all.toArray(String[]::new)));
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    /** Echo: what the server's process uses for a message. */
    List<Row> tcp() {
        List<Row> rows = new ArrayList<>();
        Metric cpu = Metric.less("cpu_us", "us CPU/message", new Target("netty*", 1), new Target("c", 1.15));
        for (String load : List.of("round_trip", "many", "pipelined")) {
            rows.add(row(
                    load,
                    load,
                    servers(),
                    cpu,
                    Metric.more("per_s", "messages/s"),
                    Metric.less("p50_us", "us p50"),
                    Metric.less("p99_us", "us p99")));
        }
        return rows;
    }

    /** Ours that blocks threads, against plain blocking sockets. */
    List<Row> blockingTcp() {
        List<Server> servers = List.of(
                java("amphio_blocking", Kind.OURS, "TcpServer", new String[0], "--io", "blocking"),
                java("jdk_platform", Kind.PEER, "peers.JdkTcp", new String[0], "--threads", "platform"));
        Metric cpu = Metric.less("cpu_us", "us CPU/message", new Target("jdk_platform", 1.2));
        return List.of(
                row("round_trip, blocking", "round_trip", servers, cpu),
                row("pipelined, blocking", "pipelined", servers, cpu));
    }

    /** One way, as fast as it goes. */
    List<Row> bulk() {
        List<Row> rows = new ArrayList<>();
        for (String load : List.of("sink/1", "sink/8", "source/1", "source/8")) {
            rows.add(row(
                    load,
                    load,
                    servers(),
                    Metric.more("mb_per_s", "MB/s", new Target("netty*", 1)),
                    Metric.less("cpu_ms_per_mb", "ms CPU/MB")));
        }
        return rows;
    }

    private Row row(String name, String loadName, List<Server> servers, Metric... metrics) {
        Load load = LoadDriver.named(loadName);
        List<Contender> contenders = new ArrayList<>();
        for (Server server : servers) {
            List<String> command = with(server.command(), "--mode", load.mode());
            contenders.add(new Contender(server.engine(), server.kind(), () -> {
                try (Program program = Program.serve(command, Commands.MODULE)) {
                    return numbers(load.run(program.port(), program.pid(), LoadDriver.WARM_UP, settings.time()));
                }
            }));
        }
        return new Row(name, List.of(metrics), contenders);
    }

    private static Map<String, Double> numbers(Load.Result result) {
        double megabytes = result.messages() / 1e6; // of a sink or a source
        return Map.of(
                "cpu_us",
                result.cpuMicrosPerMessage(),
                "per_s",
                result.perSecond(),
                "p50_us",
                (double) result.p50Micros(),
                "p99_us",
                (double) result.p99Micros(),
                "mb_per_s",
                megabytes / result.seconds(),
                "cpu_ms_per_mb",
                result.cpuSeconds() * 1e3 / megabytes);
    }

    /** What a connection costs that has been used once and waits. */
    List<Row> idle() {
        return List.of(idle(IDLE, new Target("netty*", 1)));
    }

    private Row idle(int connections, Target... targets) {
        List<Contender> contenders = new ArrayList<>();
        for (Server server : servers(IdleLoad.FIXED_HEAP)) {
            List<String> command = with(server.command(), "--mode", "idle");
            contenders.add(new Contender(server.engine(), server.kind(), () -> {
                try (Program program = Program.serve(command, Commands.MODULE)) {
                    return Map.of("bytes", IdleLoad.bytesPerConnection(program, connections));
                }
            }));
        }
        return new Row(connections + " idle connections", List.of(Metric.less("bytes", "B each", targets)), contenders);
    }

    /** The same, for more and more connections: it should be flat. */
    List<Row> idleByNumber() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (int connections : new int[] {1_000, 10_000, 100_000}) {
            if (connections + 1_000 < IdleLoad.openFilesLimit()) {
                Row row = idle(connections);
                rows.add(new Row(
                        "connection/" + connections,
                        List.of(Metric.less("bytes", "B each")),
                        row.contenders.stream()
                                .filter(one -> one.engine()
                                        .equals("amphio_" + settings.backends().getFirst()))
                                .toList()));
            }
        }
        return rows;
    }
}
