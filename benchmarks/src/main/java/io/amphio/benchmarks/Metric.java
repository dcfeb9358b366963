package io.amphio.benchmarks;

import java.util.List;

/**
 * One number of a case, by which contenders are compared.
 *
 * @param name what {@link Contender.Measurement} calls it
 * @param unit for people
 * @param lessIsBetter a time or a size, and not a rate
 * @param targets what ours should reach; none where it is only told
 */
record Metric(String name, String unit, boolean lessIsBetter, List<Target> targets) {
    /**
     * How ours should compare with a peer.
     *
     * @param peer its name; {@code best} for the best of all, {@code netty*} for the best of those that begin so, and {@code
     *     limit} for a number that has nothing to do with a peer
     * @param factor ours at most (a rate: at least) this times the peer's
     */
    record Target(String peer, double factor) {
        static final String BEST = "best";
        static final String LIMIT = "limit";

        @Override
        public String toString() {
            return peer.equals(LIMIT) ? Double.toString(factor) : (factor == 1 ? "" : factor + " x ") + peer;
        }
    }

    static Metric less(String name, String unit, Target... targets) {
        return new Metric(name, unit, true, List.of(targets));
    }

    static Metric more(String name, String unit, Target... targets) {
        return new Metric(name, unit, false, List.of(targets));
    }
}
