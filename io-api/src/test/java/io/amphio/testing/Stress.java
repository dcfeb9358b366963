package io.amphio.testing;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Many tasks at one synchronizer, with deadlines and cancels at random moments.
 *
 * <p>The seed is printed where something fails, and taken from the property {@code amphio.seed}; threads make it a hint only.
 */
public final class Stress {
    private static final long SEED = Long.getLong("amphio.seed", System.nanoTime());

    /** What each task does again and again. */
    @FunctionalInterface
    public interface Step {
        /** One operation, with what is needed to undo it. */
        void run(Io io, SplittableRandom random) throws Exception;
    }

    private final Io io;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private int timedOut;
    private int canceled;

    /** Creates a stress whose tasks are of {@code io}. */
    public Stress(Io io) {
        this.io = io;
    }

    /** Runs {@code count} tasks that each do {@code step} {@code steps} times, cancels some of them, and waits for all. */
    public void round(int count, int steps, Step step) {
        List<Started<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SplittableRandom own = random.split();
            tasks.add(Started.call(io, "stress-" + i, () -> steps(own, steps, step)));
        }
        for (Started<Integer> task : tasks) {
            if (random.nextInt(3) == 0) {
                spin(random.nextInt(20_000));
                task.future().requestCancel();
            }
        }
        for (Started<Integer> task : tasks) {
            switch (task.outcome()) {
                case Outcome.Value<Integer>(Integer misses) -> timedOut += misses;
                case Outcome.Canceled<Integer> _ -> canceled++;
                case Outcome.Failure<Integer>(Throwable thrown) ->
                    throw new AssertionError("seed " + SEED + ": " + thrown, thrown);
            }
        }
    }

    private int steps(SplittableRandom own, int steps, Step step) throws Exception {
        int misses = 0;
        for (int i = 0; i < steps; i++) {
            try {
                step.run(io, own);
            } catch (TimedOutException e) {
                misses++;
            }
        }
        return misses;
    }

    /** Returns no timeout, or one that is about as long as a wake-up takes. */
    public static Timeout timeout(SplittableRandom random) {
        return random.nextBoolean() ? Timeout.NONE : Timeout.after(Duration.ofNanos(random.nextInt(200_000)));
    }

    /** Returns a timeout that is about as long as a wake-up takes, or much longer; where waiting for ever would be no fault. */
    public static Timeout timeoutAlways(SplittableRandom random) {
        return Timeout.after(Duration.ofNanos(random.nextInt(random.nextBoolean() ? 200_000 : 5_000_000)));
    }

    /** Takes some time while holding something, so that others have to wait: busy, letting others run, or parked. */
    public static void hold(SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 -> Thread.yield();
            case 1 -> LockSupport.parkNanos(random.nextInt(100_000));
            default -> spin(random.nextInt(3_000));
        }
    }

    /** Keeps the core busy for about {@code nanos} nanoseconds. */
    public static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    /** Fails unless deadlines passed and cancels struck: else it tried less than it says. */
    public void requireBothKinds() {
        if (timedOut == 0 || canceled == 0) {
            throw new AssertionError("seed " + SEED + ": " + timedOut + " timed out, " + canceled + " canceled");
        }
    }

    /** Returns the seed, for messages. */
    public static String seed() {
        return "seed " + SEED;
    }
}
