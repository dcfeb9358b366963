package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.Task;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A cancel at each of the cancellation points of a program leaves no lock, permit, socket, buffer, timer or waiter behind. */
public abstract class CancelPointConformance extends Conformance {
    private static final int NEVER = -1;

    /** Counts the points, and what has to happen at one of them. */
    private static final class Points implements Runnable {
        private final int chosen;
        private final Runnable then;
        private int passed; // by the program's task

        Points(int chosen, Runnable then) {
            this.chosen = chosen;
            this.then = then;
        }

        @Override
        public void run() {
            if (passed++ == chosen) {
                then.run();
            }
        }
    }

    private static int count(Io io, Io other) throws Exception {
        Points points = new Points(NEVER, () -> {});
        PointProgram program = new PointProgram(io, other);
        Started.start(other, () -> program.run(points)).await(io);
        program.check(io);
        assertTrue(points.passed >= 20, points.passed + " points");
        return points.passed;
    }

    @Test
    void canceled_as_it_comes_to_the_kth_point_for_every_k() throws Exception {
        run((io, other) -> {
            int count = count(io, other);
            for (int k = 0; k < count; k++) {
                PointProgram program = new PointProgram(io, other);
                AtomicInteger most = new AtomicInteger(k + 1);
                Points points = new Points(k, () -> {
                    most.addAndGet(program.isAwaiting() ? 1 : 0);
                    Task.current().requestCancel();
                });
                Started<?> task = Started.start(other, () -> program.run(points));
                assertInstanceOf(
                        Outcome.Canceled.class, task.future().waitFor(io, Timeout.after(PATIENCE)), "point " + k);
                assertTrue(points.passed <= most.get(), () -> "it went on after the cancel: " + points.passed);
                program.check(io);
            }
        });
    }

    /** The cancel comes from outside once the program waits at its k-th point, or as it has just gone on. */
    @Test
    void canceled_while_it_waits_at_the_kth_point_for_every_k() throws Exception {
        run((io, other) -> {
            int count = count(io, other);
            for (int k = 0; k < count; k++) {
                PointProgram program = new PointProgram(io, other);
                AtomicBoolean there = new AtomicBoolean();
                Points points = new Points(k, () -> there.set(true));
                Started<?> task = Started.start(other, () -> program.run(points));
                until(
                        io,
                        () -> task.future().isDone()
                                || (there.get() && !task.waitsFor().equals("null")));
                task.requestCancel();
                program.checkOnceEnded(io, task.future());
            }
        });
    }

    @Test
    void canceled_at_random_moments() throws Exception {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            for (int round = 0; round < 30; round++) {
                PointProgram program = new PointProgram(io, other);
                Started<?> task = Started.start(other, () -> program.run(() -> {}));
                io.sleep(Duration.ofNanos(random.nextInt(3_000_000)));
                task.requestCancel();
                program.checkOnceEnded(io, task.future());
            }
        });
    }

    /** A deadline instead of a cancel, and a cancel that arrives with it. */
    @Test
    void timed_out_at_random_moments() throws Exception {
        run((io, other) -> {
            SplittableRandom random = Seed.random();
            for (int round = 0; round < 30; round++) {
                PointProgram program = new PointProgram(io, other);
                Duration limit = Duration.ofNanos(random.nextInt(3_000_000));
                Started<?> task = Started.start(other, () -> {
                    try {
                        other.<Exception>withTimeout(limit, () -> program.run(() -> {}));
                    } catch (TimedOutException late) {
                        other.checkCancel();
                    }
                });
                if (random.nextInt(3) == 0) {
                    io.sleep(limit);
                    task.requestCancel();
                }
                program.checkOnceEnded(io, task.future());
            }
        });
    }
}
