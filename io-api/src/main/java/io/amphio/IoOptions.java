package io.amphio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which {@link Io} to open, and with what settings.
 *
 * <p>Settings are names and values; each implementation says in its Javadoc which it knows and passes over the others, so that
 * one command line fits all. Read from, in this order: the arguments ({@code --io evented}, {@code --io=evented}), system
 * properties ({@code -Damphio.io=evented}) and the environment ({@code AMPHIO_IO=evented}).
 *
 * <p><b>Threads:</b> immutable.
 */
public final class IoOptions {
    /** What the arguments may set: {@code --NAME VALUE}, {@code -Damphio.NAME}, {@code AMPHIO_NAME} with underscores. */
    public static final Set<String> NAMES = Set.of(
            "io",
            "backend",
            "loops",
            "mode",
            "scheduler",
            "async-limit",
            "concurrent-limit",
            "call-limit",
            "stuck-after",
            "spares",
            "resolver",
            "name-servers");

    private final Map<String, String> settings;
    private final List<String> rest;

    private IoOptions(Map<String, String> settings, List<String> rest) {
        this.settings = settings;
        this.rest = rest;
    }

    /**
     * Reads options from the arguments of a program, the system properties and the environment.
     *
     * @throws IllegalArgumentException if a name comes without a value
     */
    public static IoOptions parse(String... args) {
        return parse(List.of(args), System.getenv());
    }

    static IoOptions parse(List<String> args, Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = System.getProperty("amphio." + name);
            if (value == null) {
                value = environment.get(
                        "AMPHIO_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
            }
            if (value != null) {
                settings.put(name, value);
            }
        }
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if ("--".equals(arg)) {
                rest.addAll(args.subList(i, args.size()));
                break;
            }
            int equals = arg.indexOf('=');
            String name = !arg.startsWith("--") ? "" : arg.substring(2, equals < 0 ? arg.length() : equals);
            if (!NAMES.contains(name)) {
                rest.add(arg);
            } else if (equals >= 0) {
                settings.put(name, arg.substring(equals + 1));
            } else if (i + 1 < args.size()) {
                settings.put(name, args.get(++i));
            } else {
                throw new IllegalArgumentException("--" + name + " needs a value, as in --" + name + "=VALUE");
            }
        }
        return new IoOptions(Map.copyOf(settings), List.copyOf(rest));
    }

    /** Returns options for the {@code Io} called {@code name}, read from nowhere else. */
    public static IoOptions of(String name) {
        return new IoOptions(Map.of("io", name), List.of());
    }

    /** Returns these options with one setting changed. */
    public IoOptions with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(settings);
        changed.put(name, value);
        return new IoOptions(Map.copyOf(changed), rest);
    }

    /** Returns the name of the {@link Io} that is wanted, if one was named. */
    public Optional<String> io() {
        return get("io");
    }

    /** Returns a setting, if it was given. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /**
     * Returns a setting that is a whole number, or {@code otherwise}.
     *
     * @throws IllegalArgumentException if it is not a whole number of at least {@code least}
     */
    public int getInt(String name, int least, int otherwise) {
        String value = settings.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "--" + name + " " + value + ": not a whole number of at least " + least, notANumber);
        }
        throw new IllegalArgumentException("--" + name + " " + value + ": not a whole number of at least " + least);
    }

    /** Returns the arguments that are no options of these, in order: the program's own. */
    public List<String> rest() {
        return rest;
    }

    @Override
    public String toString() {
        return "IoOptions" + settings;
    }
}
