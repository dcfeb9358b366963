package io.amphio.benchmarks.peers;

import io.amphio.benchmarks.Arguments;
import io.amphio.benchmarks.Case;
import io.amphio.benchmarks.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The JDK: virtual threads and {@code java.util.concurrent}; {@code -Djdk.virtualThreadScheduler.parallelism} sets the carriers.
 * With {@code threads=pool}, platform threads of a cached pool: the peer of the blocking {@code Io}.
 */
@SuppressWarnings({
    "FutureReturnValueIgnored", // if one fails, those that wait for its messages hang, and that is seen
    "ThreadPriorityCheck" // to yield is what is measured
})
public final class VirtualThreads {
    private static Executor threads = Thread::startVirtualThread; // set once, before anything is started

    private VirtualThreads() {}

    /** Runs the case that the arguments name, in a virtual thread. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        Case.Body body = body(which);
        if (arguments.get("threads", "virtual").equals("pool")) {
            threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
        }
        start(() -> {
                    Rounds.measure(arguments, which, "jdk", body);
                    return 0L;
                })
                .get();
    }

    private static Case.Body body(Case which) {
        return switch (which.kind()) {
            case "queue_ping_pong" -> () -> pingPong(which.number(0), which.scaled(100_000));
            case "worker_pool" ->
                which.variant().equals("fan_in")
                        ? () -> pool(1_000, 1, which.scaled(100))
                        : () -> pool(1, 1_000, which.scaled(100));
            case "spawn", "spawn_group", "async" -> () -> spawn(which.scaled(which.number(0)));
            case "sleep" -> () -> sleep(which.scaled(which.number(0)), which.number(1));
            case "mutex" -> () -> mutex(4, which.scaled(100_000));
            case "semaphore" -> () -> semaphore(4, which.scaled(25_000));
            case "yield" -> () -> yields(2, which.scaled(50_000));
            default -> throw which.unknown();
        };
    }

    private static FutureTask<Long> start(Callable<Long> body) {
        FutureTask<Long> future = new FutureTask<>(body);
        threads.execute(future);
        return future;
    }

    private static long sum(List<FutureTask<Long>> futures) throws Exception {
        long sum = 0;
        for (FutureTask<Long> future : futures) {
            sum += future.get();
        }
        return sum;
    }

    private static List<FutureTask<Long>> start(int times, Callable<Long> body) {
        List<FutureTask<Long>> futures = new ArrayList<>(times);
        for (int i = 0; i < times; i++) {
            futures.add(start(body));
        }
        return futures;
    }

    private static void pingPong(int pairs, int messages) throws Exception {
        int trips = Math.max(1, messages / 2 / pairs);
        List<FutureTask<Long>> pings = new ArrayList<>(pairs);
        for (int pair = 0; pair < pairs; pair++) {
            BlockingQueue<Integer> there = new ArrayBlockingQueue<>(1);
            BlockingQueue<Integer> back = new ArrayBlockingQueue<>(1);
            start(() -> {
                for (int i = 0; i < trips; i++) {
                    back.put(there.take());
                }
                return 0L;
            });
            pings.add(start(() -> {
                long sum = 0;
                for (int i = 0; i < trips; i++) {
                    there.put(i);
                    sum += back.take();
                }
                return sum;
            }));
        }
        Case.check("messages", (long) pairs * trips * (trips - 1) / 2, sum(pings));
    }

    private static void pool(int producers, int consumers, int items) throws Exception {
        int each = producers == 1 ? items * consumers : items;
        int share = consumers == 1 ? items * producers : items;
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1_000);
        List<FutureTask<Long>> received = start(consumers, () -> {
            long sum = 0;
            for (int i = 0; i < share; i++) {
                sum += queue.take();
            }
            return sum;
        });
        start(producers, () -> {
            for (int i = 0; i < each; i++) {
                queue.put(i);
            }
            return 0L;
        });
        Case.check("items", (long) producers * each * (each - 1) / 2, sum(received));
    }

    private static void spawn(int tasks) throws Exception {
        Case.check("tasks", tasks, sum(start(tasks, () -> 1L)));
    }

    private static void sleep(int tasks, int millis) throws Exception {
        Duration nap = Duration.ofMillis(millis);
        Case.check("tasks", tasks, sum(start(tasks, () -> {
            Thread.sleep(nap);
            return 1L;
        })));
    }

    private static void mutex(int tasks, int times) throws Exception {
        ReentrantLock lock = new ReentrantLock();
        long[] count = new long[1];
        sum(start(tasks, () -> {
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    count[0]++;
                } finally {
                    lock.unlock();
                }
            }
            return 0L;
        }));
        Case.check("count", (long) tasks * times, count[0]);
    }

    private static void semaphore(int tasks, int times) throws Exception {
        Semaphore semaphore = new Semaphore(2);
        sum(start(tasks, () -> {
            for (int i = 0; i < times; i++) {
                semaphore.acquire();
                Thread.yield();
                semaphore.release();
            }
            return 0L;
        }));
        Case.check("permits", 2, semaphore.availablePermits());
    }

    private static void yields(int tasks, int times) throws Exception {
        Case.check("turns", (long) tasks * times, sum(start(tasks, () -> {
            for (int i = 0; i < times; i++) {
                Thread.yield();
            }
            return (long) times;
        })));
    }
}
