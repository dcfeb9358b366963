package io.amphio.benchmarks;

import java.util.Arrays;

/**
 * Which case to run and how large it is: {@code queue_ping_pong/100}, {@code sleep/10000x10}.
 *
 * @param kind what is before the slash, or all of it
 * @param variant what is behind the slash, or nothing
 * @param scale what share of the messages, tasks or rounds to do: 1, but in a smoke run
 */
public record Case(String kind, String variant, double scale) {
    /** What is measured, once: it throws if what came out is wrong, so that no case can be fast by doing less. */
    @FunctionalInterface
    public interface Body {
        /** Runs it once. */
        void run() throws Exception;
    }

    /** Returns the case that the arguments name. */
    public static Case of(Arguments arguments) {
        String[] parts = arguments.require("case").split("/", 2);
        return new Case(parts[0], parts.length == 1 ? "" : parts[1], arguments.getDouble("scale", 1));
    }

    /** Returns the first number of the variant, as it is: pairs of tasks, milliseconds, and the like. */
    public int number(int which) {
        return Integer.parseInt(variant.split("x", -1)[which]);
    }

    /** Returns how many of {@code full} to do. */
    public int scaled(int full) {
        return Math.max(1, (int) (full * scale));
    }

    /** Returns the name, as it was given. */
    public String name() {
        return variant.isEmpty() ? kind : kind + "/" + variant;
    }

    /** Returns what to throw where an engine has no such case; the driver leaves its cell empty then. */
    public IllegalArgumentException unknown(String... known) {
        return new IllegalArgumentException("no case " + name() + " here; there are " + Arrays.toString(known));
    }

    /** Throws unless what came out is what should have. */
    public static void check(String what, long expected, long actual) {
        if (expected != actual) {
            throw new AssertionError(what + ": " + actual + " instead of " + expected);
        }
    }
}
