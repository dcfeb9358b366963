package io.amphio.benchmarks;

import java.util.Map;

/**
 * Who takes part in a case.
 *
 * @param engine its name
 * @param kind ours, a peer, or what nobody can be faster than
 * @param measurement runs it once, in a process of its own
 */
record Contender(String engine, Kind kind, Measurement measurement) {
    /** Whose it is. */
    enum Kind {
        OURS,
        PEER,
        FLOOR
    }

    /** One run. */
    @FunctionalInterface
    interface Measurement {
        /** Returns the numbers by the names of the metrics. */
        Map<String, Double> run() throws Exception;
    }
}
