package io.amphio.conformance;

import java.util.SplittableRandom;

/** Chance that can be had again: {@code -Damphio.seed=N} repeats a run. */
final class Seed {
    private static final long SEED = Long.getLong("amphio.seed", System.nanoTime());

    static {
        System.err.println("amphio.seed=" + SEED);
    }

    private Seed() {}

    /** Returns a source of numbers that starts with the seed of this run. */
    static SplittableRandom random() {
        return new SplittableRandom(SEED);
    }
}
