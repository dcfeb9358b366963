package io.amphio.process;

import java.util.Locale;

/**
 * A signal of the system, by its name.
 *
 * @param name without SIG, as in "TERM"
 */
public record Signal(String name) {
    /** The user pressed the interrupt key. */
    public static final Signal INT = new Signal("INT");

    /** Somebody asks the process to end. */
    public static final Signal TERM = new Signal("TERM");

    /** The terminal is gone; to a service: read the settings again. */
    public static final Signal HUP = new Signal("HUP");

    /** Means what the program says. */
    public static final Signal USR1 = new Signal("USR1");

    /** Means what the program says; on Linux the VM uses it, unless it was told to take another. */
    public static final Signal USR2 = new Signal("USR2");

    /** The window of the terminal has another size. */
    public static final Signal WINCH = new Signal("WINCH");

    /** The process goes on after it was stopped. */
    public static final Signal CONT = new Signal("CONT");

    /**
     * Names a signal.
     *
     * @throws IllegalArgumentException if it is no name: letters and digits, with SIG before them or without
     */
    public Signal {
        name = name.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        if (name.isEmpty() || !name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
            throw new IllegalArgumentException("not the name of a signal: \"" + name + '"');
        }
    }

    /** Returns the signal of that name, with SIG before it or without. */
    public static Signal of(String name) {
        return new Signal(name);
    }

    @Override
    public String toString() {
        return "SIG" + name;
    }
}
