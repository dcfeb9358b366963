package io.amphio.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Puts a load on a server that was started by hand: {@code --load round_trip|many|pipelined|sink/N|source/N --port P --pid PID
 * --secs S}. One line per run.
 */
public final class LoadDriver {
    /** A JVM has compiled by then what a server does all the time. */
    static final Duration WARM_UP = Duration.ofSeconds(2);

    private static final Map<String, Load> LOADS = loads();

    private LoadDriver() {}

    private static Map<String, Load> loads() {
        Map<String, Load> loads = new LinkedHashMap<>();
        loads.put("round_trip", new Load("echo", 1, 4096, 1));
        loads.put("many", new Load("echo", 1_000, 64, 1));
        loads.put("pipelined", new Load("echo", 64, 64, 16));
        loads.put("sink/1", new Load("sink", 1, 1, 1));
        loads.put("sink/8", new Load("sink", 8, 1, 1));
        loads.put("source/1", new Load("source", 1, 1, 1));
        loads.put("source/8", new Load("source", 8, 1, 1));
        return loads;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        Arguments arguments = Arguments.of(args);
        String name = arguments.get("load", "round_trip");
        Load load = named(name);
        Duration time = Duration.ofMillis((long) (arguments.getDouble("secs", 3) * 1e3));
        Load.Result result = load.run(
                Integer.parseInt(arguments.require("port")), Long.parseLong(arguments.require("pid")), WARM_UP, time);
        System.out.println(name + " " + text(load, result));
    }

    /** Returns a load by its name. */
    static Load named(String name) {
        Load load = LOADS.get(name);
        if (load == null) {
            throw new IllegalArgumentException("no load " + name + "; there are " + LOADS.keySet());
        }
        return load;
    }

    private static String text(Load load, Load.Result result) {
        return load.mode().equals("echo")
                ? String.format(
                        Locale.ROOT,
                        "per_s=%.0f cpu_us_per_message=%.3f p50_us=%d p99_us=%d",
                        result.perSecond(),
                        result.cpuMicrosPerMessage(),
                        result.p50Micros(),
                        result.p99Micros())
                : String.format(
                        Locale.ROOT,
                        "mb_per_s=%.0f cpu_ms_per_mb=%.4f",
                        result.perSecond() / 1e6,
                        result.cpuSeconds() * 1e3 / (result.messages() / 1e6));
    }
}
