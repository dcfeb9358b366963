package io.amphio.benchmarks.peers;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import io.amphio.benchmarks.Arguments;
import io.amphio.benchmarks.Case;
import io.amphio.benchmarks.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Jox: channels for virtual threads. */
@SuppressWarnings("FutureReturnValueIgnored") // if one fails, those that wait for its messages hang, and that is seen
public final class Jox {
    private Jox() {}

    /** Runs the case that the arguments name, in a virtual thread. */
    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Case which = Case.of(arguments);
        Case.Body body = body(which);
        start(() -> {
                    Rounds.measure(arguments, which, "jox", body);
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
            case "select" -> () -> select(which.scaled(50_000));
            default -> throw which.unknown();
        };
    }

    private static FutureTask<Long> start(Callable<Long> body) {
        FutureTask<Long> future = new FutureTask<>(body);
        Thread.startVirtualThread(future);
        return future;
    }

    private static void pingPong(int pairs, int messages) throws Exception {
        int trips = Math.max(1, messages / 2 / pairs);
        List<FutureTask<Long>> pings = new ArrayList<>(pairs);
        for (int pair = 0; pair < pairs; pair++) {
            Channel<Integer> there = Channel.newBufferedChannel(1);
            Channel<Integer> back = Channel.newBufferedChannel(1);
            start(() -> {
                for (int i = 0; i < trips; i++) {
                    back.send(there.receive());
                }
                return 0L;
            });
            pings.add(start(() -> {
                long sum = 0;
                for (int i = 0; i < trips; i++) {
                    there.send(i);
                    sum += back.receive();
                }
                return sum;
            }));
        }
        Case.check("messages", (long) pairs * trips * (trips - 1) / 2, sum(pings));
    }

    private static void pool(int producers, int consumers, int items) throws Exception {
        int each = producers == 1 ? items * consumers : items;
        int share = consumers == 1 ? items * producers : items;
        Channel<Integer> queue = Channel.newBufferedChannel(1_000);
        List<FutureTask<Long>> received = new ArrayList<>(consumers);
        for (int consumer = 0; consumer < consumers; consumer++) {
            received.add(start(() -> {
                long sum = 0;
                for (int i = 0; i < share; i++) {
                    sum += queue.receive();
                }
                return sum;
            }));
        }
        for (int producer = 0; producer < producers; producer++) {
            start(() -> send(queue, each));
        }
        Case.check("items", (long) producers * each * (each - 1) / 2, sum(received));
    }

    private static long send(Channel<Integer> channel, int messages) throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            channel.send(i);
        }
        return (long) messages * (messages - 1) / 2;
    }

    private static void select(int messages) throws Exception {
        Channel<Integer> left = Channel.newBufferedChannel(1);
        Channel<Integer> right = Channel.newBufferedChannel(1);
        List<FutureTask<Long>> sent = List.of(start(() -> send(left, messages)), start(() -> send(right, messages)));
        long received = 0;
        for (int i = 0; i < 2 * messages; i++) {
            received += Select.select(left.receiveClause(), right.receiveClause());
        }
        Case.check("messages", sum(sent), received);
    }

    private static long sum(List<FutureTask<Long>> futures) throws Exception {
        long sum = 0;
        for (FutureTask<Long> future : futures) {
            sum += future.get();
        }
        return sum;
    }
}
