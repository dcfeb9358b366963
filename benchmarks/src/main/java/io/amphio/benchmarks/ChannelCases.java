package io.amphio.benchmarks;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Placement;
import io.amphio.Select;
import io.amphio.TaskOptions;
import io.amphio.sync.Channel;
import io.vavr.CheckedFunction0;
import java.util.ArrayList;
import java.util.List;

/** Tasks that hand each other messages. */
final class ChannelCases {
    /** Of the one queue of a worker pool; the peers have the same. */
    static final int POOL_CAPACITY = 1_000;

    private static final TaskOptions SPREAD = TaskOptions.DEFAULT.withPlacement(Placement.SPREAD);

    private ChannelCases() {}

    /** Pairs of tasks send each other one message after the other; all pairs together, and both ways, so many. */
    static void pingPong(Io io, int pairs, int messages) {
        int trips = Math.max(1, messages / 2 / pairs);
        List<Future<Long>> pongs = new ArrayList<>(pairs);
        List<Future<Long>> pings = new ArrayList<>(pairs);
        for (int pair = 0; pair < pairs; pair++) {
            Channel<Integer> there = new Channel<>(1);
            Channel<Integer> back = new Channel<>(1);
            pongs.add(TaskCases.start(io, () -> pong(io, there, back, trips)));
            pings.add(TaskCases.start(io, () -> ping(io, there, back, trips)));
        }
        checkTrips(io, pairs, trips, pings, pongs);
    }

    private static void checkTrips(Io io, int pairs, int trips, List<Future<Long>> pings, List<Future<Long>> pongs) {
        long sum = (long) pairs * trips * (trips - 1) / 2;
        Case.check("messages there", sum, sum(io, pongs));
        Case.check("messages back", sum, sum(io, pings));
    }

    private static long ping(Io io, Channel<Integer> there, Channel<Integer> back, int trips) {
        long sum = 0;
        for (int i = 0; i < trips; i++) {
            there.send(io, i);
            sum += back.receive(io);
        }
        return sum;
    }

    private static long pong(Io io, Channel<Integer> there, Channel<Integer> back, int trips) {
        long sum = 0;
        for (int i = 0; i < trips; i++) {
            int message = there.receive(io);
            sum += message;
            back.send(io, message);
        }
        return sum;
    }

    private static long sum(Io io, List<Future<Long>> futures) {
        long sum = 0;
        for (Future<Long> future : futures) {
            sum += future.await(io);
        }
        return sum;
    }

    /** Producers and consumers of one queue; {@code items} are for each of those that are many. */
    static void workerPool(Io io, int producers, int consumers, int items) {
        int each = producers == 1 ? items * consumers : items;
        int share = consumers == 1 ? items * producers : items;
        Channel<Integer> queue = new Channel<>(POOL_CAPACITY);
        List<Future<Long>> received = new ArrayList<>(consumers);
        for (int consumer = 0; consumer < consumers; consumer++) {
            received.add(TaskCases.start(io, () -> {
                long sum = 0;
                for (int i = 0; i < share; i++) {
                    sum += queue.receive(io);
                }
                return sum;
            }));
        }
        List<Future<Long>> sent = new ArrayList<>(producers);
        for (int producer = 0; producer < producers; producer++) {
            sent.add(TaskCases.start(io, () -> {
                long sum = 0;
                for (int i = 0; i < each; i++) {
                    queue.send(io, i);
                    sum += i;
                }
                return sum;
            }));
        }
        Case.check("items", (long) producers * each * (each - 1) / 2, sum(io, sent));
        Case.check("items received", (long) producers * each * (each - 1) / 2, sum(io, received));
    }

    /** One task takes what comes first from two channels of capacity 1. */
    static void select(Io io, int messages) {
        Channel<Integer> left = new Channel<>(1);
        Channel<Integer> right = new Channel<>(1);
        List<Future<Long>> sent = new ArrayList<>(2);
        for (Channel<Integer> channel : List.of(left, right)) {
            sent.add(TaskCases.start(io, () -> {
                long sum = 0;
                for (int i = 0; i < messages; i++) {
                    channel.send(io, i);
                    sum += i;
                }
                return sum;
            }));
        }
        long received = 0;
        for (int i = 0; i < 2 * messages; i++) {
            received += new Select<Integer>()
                    .receive(left, message -> message)
                    .receive(right, message -> message)
                    .await(io);
        }
        Case.check("messages", sum(io, sent), received);
    }

    /** A task and a plain thread in turn: each message wakes somebody on another thread. */
    static void wakeFromThread(Io io, int trips) throws InterruptedException {
        Channel<Integer> there = new Channel<>(1);
        Channel<Integer> back = new Channel<>(1);
        long[] sum = new long[1];
        Thread thread = Thread.ofPlatform().start(() -> sum[0] = pong(io, there, back, trips));
        long received = ping(io, there, back, trips);
        io.call(io, () -> thread.join());
        Case.check("messages there", received, sum[0]);
        Case.check("messages back", (long) trips * (trips - 1) / 2, received);
    }

    /** Two tasks that begin on different loops: {@code scheduling=pinned} keeps them there. */
    static void wakeAcross(Io io, int trips) {
        Channel<Integer> there = new Channel<>(1);
        Channel<Integer> back = new Channel<>(1);
        Future<Long> pong = spread(io, () -> pong(io, there, back, trips));
        Future<Long> ping = spread(io, () -> ping(io, there, back, trips));
        checkTrips(io, 1, trips, List.of(ping), List.of(pong));
    }

    private static <T> Future<T> spread(Io io, CheckedFunction0<T> body) {
        return io.<T>concurrent(SPREAD, body).getOrElseThrow(ConcurrencyUnavailable::asException);
    }
}
