package io.amphio.blocking;

import io.amphio.IoOptions;
import java.time.Duration;

/**
 * How many threads a {@link BlockingIo} takes.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class BlockingOptions {
    /** A limit that is none. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** The limits that {@link #withAsyncLimit} and the others tell, threads that expire after 10 seconds. */
    public static final BlockingOptions DEFAULT = new BlockingOptions(
            Math.max(0, Runtime.getRuntime().availableProcessors() - 1), UNLIMITED, 64, Duration.ofSeconds(10));

    private final int asyncLimit;
    private final int concurrentLimit;
    private final int callLimit;
    private final Duration idleExpiry;

    private BlockingOptions(int asyncLimit, int concurrentLimit, int callLimit, Duration idleExpiry) {
        this.asyncLimit = asyncLimit;
        this.concurrentLimit = concurrentLimit;
        this.callLimit = callLimit;
        this.idleExpiry = idleExpiry;
    }

    /**
     * Reads the settings {@code async-limit}, {@code concurrent-limit} and {@code call-limit}; what is not given is as in
     * {@link #DEFAULT}.
     *
     * @throws IllegalArgumentException if one is no whole number, or below its least value
     */
    public static BlockingOptions of(IoOptions options) {
        return DEFAULT.withAsyncLimit(options.getInt("async-limit", 0, DEFAULT.asyncLimit))
                .withConcurrentLimit(options.getInt("concurrent-limit", 0, DEFAULT.concurrentLimit))
                .withCallLimit(options.getInt("call-limit", 1, DEFAULT.callLimit));
    }

    /**
     * Returns these options with another limit on the tasks of {@code async} that run beside their callers.
     *
     * <p><b>When so many run, {@code async} runs its body in the caller and returns when it has ended.</b> That is right for work
     * that is divided to be done faster, and never deadlocks. It is <b>wrong for loops that must run side by side</b>: a
     * server's accept loop, the two ends of a channel, anything that waits for what its starter does afterwards. Start those
     * with {@code concurrent}, whatever the limit is: raising it only hides the mistake.
     *
     * <p>The default is one less than the number of cores: with the caller, one running body for each core. <b>On one core that
     * is 0, and every {@code async} runs in the caller.</b>
     *
     * @param newLimit 0 or more; 0 runs every {@code async} in the caller
     */
    public BlockingOptions withAsyncLimit(int newLimit) {
        return new BlockingOptions(requireAtLeast("async", 0, newLimit), concurrentLimit, callLimit, idleExpiry);
    }

    /**
     * Returns these options with another limit on the tasks of {@code concurrent} that run at once; at the limit it returns
     * {@code Left}. The default is {@link #UNLIMITED}.
     *
     * @param newLimit 0 or more
     */
    public BlockingOptions withConcurrentLimit(int newLimit) {
        return new BlockingOptions(asyncLimit, requireAtLeast("concurrent", 0, newLimit), callLimit, idleExpiry);
    }

    /**
     * Returns these options with another limit on the bodies of {@code call} that run at once for callers on virtual threads;
     * at the limit they wait, first come first served. The default is 64.
     *
     * @param newLimit 1 or more
     */
    public BlockingOptions withCallLimit(int newLimit) {
        return new BlockingOptions(asyncLimit, concurrentLimit, requireAtLeast("call", 1, newLimit), idleExpiry);
    }

    /** Returns these options with another time after which a thread that has nothing to do ends. */
    public BlockingOptions withIdleExpiry(Duration newExpiry) {
        if (newExpiry.isNegative()) {
            throw new IllegalArgumentException("an idle expiry below zero: " + newExpiry);
        }
        return new BlockingOptions(asyncLimit, concurrentLimit, callLimit, newExpiry);
    }

    private static int requireAtLeast(String which, int least, int limit) {
        if (limit < least) {
            throw new IllegalArgumentException("the " + which + " limit is below " + least + ": " + limit);
        }
        return limit;
    }

    /** Returns how many tasks of {@code async} run beside their callers. */
    public int asyncLimit() {
        return asyncLimit;
    }

    /** Returns how many tasks of {@code concurrent} run at once. */
    public int concurrentLimit() {
        return concurrentLimit;
    }

    /** Returns how many bodies of {@code call} run at once for callers on virtual threads. */
    public int callLimit() {
        return callLimit;
    }

    /** Returns after what time a thread that has nothing to do ends. */
    public Duration idleExpiry() {
        return idleExpiry;
    }

    @Override
    public String toString() {
        return "BlockingOptions[async " + text(asyncLimit) + ", concurrent " + text(concurrentLimit) + ", call "
                + text(callLimit) + ", idle expiry " + idleExpiry + "]";
    }

    private static String text(int limit) {
        return limit == UNLIMITED ? "unlimited" : Integer.toString(limit);
    }
}
