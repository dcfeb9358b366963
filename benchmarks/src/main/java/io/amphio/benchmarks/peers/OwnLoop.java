package io.amphio.benchmarks.peers;

import io.amphio.benchmarks.Arguments;
import io.amphio.benchmarks.Case;
import io.amphio.benchmarks.Rounds;
import java.lang.reflect.Constructor;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The floor for ours: bare virtual threads on a loop of one thread, which hand each other a number by park and unpark. Nothing
 * that is built on virtual threads can switch faster. The loop ends when nothing is left to run.
 */
public final class OwnLoop {
    private static final class Cell {
        private int value = -1; // all threads of this program share one carrier
        private @Nullable Thread waiter;

        void put(int next) {
            value = next;
            Thread waiting = waiter;
            if (waiting != null) {
                waiter = null;
                LockSupport.unpark(waiting);
            }
        }

        int take() {
            while (value < 0) {
                waiter = Thread.currentThread();
                LockSupport.park();
            }
            int taken = value;
            value = -1;
            return taken;
        }
    }

    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final Thread.Builder.OfVirtual builder;

    private OwnLoop() throws ReflectiveOperationException {
        Constructor<?> constructor =
                Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder").getDeclaredConstructor(Executor.class);
        constructor.setAccessible(true);
        builder = (Thread.Builder.OfVirtual) constructor.newInstance((Executor) ready::add);
    }

    /** Runs the case that the arguments name; there is only {@code queue_ping_pong}. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        if (!which.kind().equals("queue_ping_pong")) {
            throw which.unknown("queue_ping_pong/PAIRS");
        }
        OwnLoop loop = new OwnLoop();
        Rounds.measure(arguments, which, "own_loop", () -> loop.pingPong(which.number(0), which.scaled(100_000)));
    }

    private void pingPong(int pairs, int messages) {
        int trips = Math.max(1, messages / 2 / pairs);
        long[] sum = new long[1];
        for (int pair = 0; pair < pairs; pair++) {
            Cell there = new Cell();
            Cell back = new Cell();
            builder.start(() -> {
                for (int i = 0; i < trips; i++) {
                    back.put(there.take());
                }
            });
            builder.start(() -> {
                for (int i = 0; i < trips; i++) {
                    there.put(i);
                    int taken = back.take(); // not within the +=, which would read the sum before it parks
                    sum[0] += taken;
                }
            });
        }
        for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
            next.run();
        }
        Case.check("messages", (long) pairs * trips * (trips - 1) / 2, sum[0]);
    }
}
