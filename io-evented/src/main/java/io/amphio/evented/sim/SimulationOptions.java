package io.amphio.evented.sim;

import io.amphio.net.ResolverOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a simulated world is like.
 *
 * @param leastLatency how long a message is on its way at least
 * @param mostLatency how long a message is on its way at most; each one's time is chosen by the seed
 * @param bufferBytes how much of a stream the receiving side keeps before its sender has to wait, 1 or more
 * @param stepLimit after how many steps a run that has not ended counts as one that never will, 1 or more
 * @param stallLimit how long one step may take, of the time outside, before it counts as blocked
 * @param faults which kinds {@link SimulatedIo#explore} plans, besides running each seed without
 * @param resolver how names are looked up: our own way, by servers in the simulated network; the files are those of the world
 */
public record SimulationOptions(
        Duration leastLatency,
        Duration mostLatency,
        int bufferBytes,
        long stepLimit,
        Duration stallLimit,
        Set<FaultKind> faults,
        ResolverOptions resolver) {
    /**
     * Messages take from 20 to 500 µs; streams keep 16 KiB; a million steps; 30 seconds for one; harmless faults.
     */
    public static final SimulationOptions DEFAULT = new SimulationOptions(
            Duration.ofNanos(20_000),
            Duration.ofNanos(500_000),
            16 << 10,
            1_000_000,
            Duration.ofSeconds(30),
            FaultKind.harmless(),
            ResolverOptions.OWN);

    /** Checks the ranges. */
    public SimulationOptions {
        require(
                !leastLatency.isNegative() && leastLatency.compareTo(mostLatency) <= 0,
                "the latency goes from " + leastLatency + " to " + mostLatency
                        + ": it has to go upwards, from 0 or more");
        require(bufferBytes >= 1, "bufferBytes " + bufferBytes + ": it has to be 1 or more");
        require(stepLimit >= 1, "stepLimit " + stepLimit + ": it has to be 1 or more");
        require(stallLimit.isPositive(), "stallLimit " + stallLimit + ": it has to be above zero");
        require(
                resolver.kind() == ResolverOptions.Kind.OWN,
                "resolver: that of the system would leave the simulated world");
        faults = Set.copyOf(faults);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Returns these options with other latencies. */
    public SimulationOptions withLatency(Duration least, Duration most) {
        return new SimulationOptions(least, most, bufferBytes, stepLimit, stallLimit, faults, resolver);
    }

    /** Returns these options with another size of buffers. */
    public SimulationOptions withBufferBytes(int bytes) {
        return new SimulationOptions(leastLatency, mostLatency, bytes, stepLimit, stallLimit, faults, resolver);
    }

    /** Returns these options with another limit of steps. */
    public SimulationOptions withStepLimit(long steps) {
        return new SimulationOptions(leastLatency, mostLatency, bufferBytes, steps, stallLimit, faults, resolver);
    }

    /** Returns these options with another limit of the time outside that one step takes. */
    public SimulationOptions withStallLimit(Duration limit) {
        return new SimulationOptions(leastLatency, mostLatency, bufferBytes, stepLimit, limit, faults, resolver);
    }

    /** Returns these options with other kinds of faults for exploring; none is allowed. */
    public SimulationOptions withFaults(FaultKind... kinds) {
        Set<FaultKind> set = EnumSet.noneOf(FaultKind.class);
        set.addAll(Set.of(kinds));
        return new SimulationOptions(leastLatency, mostLatency, bufferBytes, stepLimit, stallLimit, set, resolver);
    }

    /** Returns these options with names looked up in another way. */
    public SimulationOptions withResolver(ResolverOptions newResolver) {
        return new SimulationOptions(
                leastLatency, mostLatency, bufferBytes, stepLimit, stallLimit, faults, newResolver);
    }
}
