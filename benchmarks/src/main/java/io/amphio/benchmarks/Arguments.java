package io.amphio.benchmarks;

import java.util.HashMap;
import java.util.Map;

/**
 * The arguments of a benchmark program, {@code name=value} or {@code --name value}. Those that a program does not know it
 * ignores, so that one command line fits ours and all peers.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Arguments {
    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Reads the arguments of a program. */
    public static Arguments of(String... args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.length; i++) {
            String arg = args[i].startsWith("--") ? args[i].substring(2) : args[i];
            int equals = arg.indexOf('=');
            if (equals > 0) {
                values.put(arg.substring(0, equals), arg.substring(equals + 1));
            } else if (args[i].startsWith("--") && i + 1 < args.length) {
                values.put(arg, args[++i]);
            }
        }
        return new Arguments(values);
    }

    /** Returns an argument, or {@code otherwise}. */
    public String get(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** Returns an argument that has to be there. */
    public String require(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + "=... is missing");
        }
        return value;
    }

    /** Returns a whole number, or {@code otherwise}. */
    public int getInt(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** Returns a number, or {@code otherwise}. */
    public double getDouble(String name, double otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Double.parseDouble(value);
    }
}
