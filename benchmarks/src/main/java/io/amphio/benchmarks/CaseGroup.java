package io.amphio.benchmarks;

import io.amphio.benchmarks.Contender.Kind;
import io.amphio.benchmarks.Metric.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cases that run in one process: each contender is started anew for each run and prints its median. */
final class CaseGroup {
    private static final String[] SWITCH = {
        "queue_ping_pong/1",
        "queue_ping_pong/100",
        "worker_pool/fan_in",
        "worker_pool/fan_out",
        "spawn/10000",
        "spawn/1000000",
        "sleep/10000x10",
        "sleep/100000x100",
        "mutex",
        "timeouts",
        "timeouts/auto_cancel",
        "select",
        "yield",
        "semaphore"
    };
    private static final String[] BLOCKING = {
        "queue_ping_pong/1", "queue_ping_pong/100", "worker_pool/fan_in", "spawn/10000", "mutex"
    };
    private static final long LIMIT_SECONDS = 300; // of one run
    private static final double TIMEOUTS_MILLIS = 150; // for a million: 150 ns each

    private final Settings settings;

    CaseGroup(Settings settings) {
        this.settings = settings;
    }

    /** Tasks, locks, channels and timers. */
    List<Row> switching() {
        List<Row> rows = new ArrayList<>();
        for (String name : SWITCH) {
            for (int loops = 1; loops <= 2; loops++) {
                rows.add(new Row(
                        name + " loops=" + loops,
                        List.of(Metric.less("median_ms", "ms", targets(name, loops))),
                        evented(name, loops)));
            }
        }
        return rows;
    }

    private static Target[] targets(String name, int loops) {
        return switch (name.split("/", 2)[0]) {
            case "queue_ping_pong" -> pingPong(name, loops);
            case "worker_pool" -> new Target[] {new Target("go", 1.2), new Target("jdk", 0.5)};
            case "spawn" -> new Target[] {new Target("jdk", 1), new Target("go", 1)};
            case "sleep" -> new Target[] {new Target(Target.BEST, 1)};
            case "timeouts" -> new Target[] {new Target(Target.BEST, 1), new Target(Target.LIMIT, TIMEOUTS_MILLIS)};
            case "mutex" -> new Target[] {new Target("jdk", 1)};
            default -> new Target[0];
        };
    }

    private static Target[] pingPong(String name, int loops) {
        if (loops == 1) {
            return new Target[] {new Target("own_loop", 1.15), new Target("jdk", 0.75)};
        }
        return new Target[] {name.endsWith("/1") ? new Target("jdk", 0.33) : new Target("go", 1)};
    }

    private List<Contender> evented(String name, int loops) {
        String carriers = "-Djdk.virtualThreadScheduler.parallelism=" + loops;
        List<Contender> contenders = new ArrayList<>();
        contenders.add(one("amphio", Kind.OURS, name, Commands.java("Cases", "loops=" + loops)));
        contenders.add(one("jdk", Kind.PEER, name, Commands.java("peers.VirtualThreads", carriers)));
        if (name.startsWith("queue") || name.startsWith("worker") || name.startsWith("select")) {
            contenders.add(one("jox", Kind.PEER, name, Commands.java("peers.Jox", carriers)));
        }
        contenders.add(one(
                "kotlin",
                Kind.PEER,
                name,
                Commands.java(
                        "peers.KotlinCases",
                        "-Dkotlinx.coroutines.scheduler.core.pool.size=" + loops,
                        "loops=" + loops)));
        if (Commands.isBuilt("cases-go")) {
            contenders.add(one("go", Kind.PEER, name, Commands.built("cases-go", loops)));
        }
        if (name.startsWith("queue") && loops == 1) {
            contenders.add(one("own_loop", Kind.FLOOR, name, Commands.java("peers.OwnLoop")));
        }
        contenders.removeIf(one -> !has(one.engine(), name));
        return contenders;
    }

    /** Not every peer has everything. */
    private static boolean has(String engine, String name) {
        return switch (engine) {
            case "jdk" -> !name.startsWith("select") && !name.startsWith("timeouts");
            case "kotlin", "go" -> !name.startsWith("semaphore");
            default -> true;
        };
    }

    /** Ours that blocks threads, against a plain pool. */
    List<Row> blocking() {
        List<Row> rows = new ArrayList<>();
        for (String name : BLOCKING) {
            rows.add(new Row(
                    name,
                    List.of(Metric.less("median_ms", "ms", new Target("jdk_pool", 1.05))),
                    List.of(
                            one("amphio_blocking", Kind.OURS, name, Commands.java("Cases", "io=blocking")),
                            one("jdk_pool", Kind.PEER, name, Commands.java("peers.VirtualThreads", "threads=pool")))));
        }
        return rows;
    }

    /** Reads of a file. */
    List<Row> files() {
        List<Row> rows = new ArrayList<>();
        for (String name : List.of("file_random/1", "file_random/32", "file_sequential")) {
            List<Contender> contenders = new ArrayList<>();
            for (String backend : settings.backends()) {
                contenders.add(one(
                        "amphio_" + backend, Kind.OURS, name, Commands.java("Cases", "loops=1", "backend=" + backend)));
            }
            for (String how : List.of("async", "virtual", "pool")) {
                contenders.add(one("jdk_" + how, Kind.PEER, name, Commands.java("peers.JdkFiles", "how=" + how)));
            }
            Target[] targets =
                    name.equals("file_random/32") ? new Target[] {new Target("jdk_async", 1)} : new Target[0];
            rows.add(new Row(
                    name,
                    List.of(Metric.less("cpu_ms", "ms CPU", targets), Metric.less("median_ms", "ms")),
                    contenders));
        }
        return rows;
    }

    private Contender one(String engine, Kind kind, String name, List<String> command) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("case=" + name, "secs=" + settings.seconds(), "rounds=15"));
        return new Contender(engine, kind, () -> numbers(Program.run(whole, Commands.MODULE, LIMIT_SECONDS)));
    }

    /** Returns the numbers of the line that begins with {@code case=}. */
    static Map<String, Double> numbers(String printed) {
        Map<String, Double> numbers = new HashMap<>();
        printed.lines().filter(line -> line.startsWith("case=")).forEach(line -> {
            for (String field : line.split(" ", -1)) {
                String[] pair = field.split("=", 2);
                if (pair.length == 2 && pair[1].matches("[0-9.]+")) {
                    numbers.put(pair[0], Double.parseDouble(pair[1]));
                }
            }
        });
        return numbers;
    }
}
