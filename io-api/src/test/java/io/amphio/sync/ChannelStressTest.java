package io.amphio.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Select;
import io.amphio.testing.Started;
import io.amphio.testing.Stress;
import io.amphio.testing.ThreadIo;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No message lost, none doubled, whatever is canceled or times out on either side, with selects in between. */
class ChannelStressTest {
    private final Set<Long> sent = ConcurrentHashMap.newKeySet();
    private final Set<Long> received = ConcurrentHashMap.newKeySet();
    private final AtomicLong next = new AtomicLong();

    @ParameterizedTest
    @CsvSource({"platform,0", "platform,1", "platform,7", "virtual,0", "virtual,1", "virtual,100", "virtual,2147483647"
    })
    void messages_are_conserved(String kind, int capacity) {
        try (ThreadIo io = kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform()) {
            Stress stress = new Stress(io);
            for (int round = 0; round < 20; round++) {
                Channel<Long> channel = new Channel<>(capacity);
                stress.round(8, 60, (same, random) -> {
                    if (random.nextBoolean()) {
                        send(same, channel, random);
                    } else {
                        receive(same, channel, random);
                    }
                });
                channel.closeNow().forEach(this::got);
                assertEquals(sent, received, Stress.seed());
            }
            stress.requireBothKinds();
        }
    }

    private void send(Io io, Channel<Long> channel, SplittableRandom random) {
        long message = next.getAndIncrement();
        if (random.nextInt(4) == 0) {
            if (channel.trySend(message)) {
                sent.add(message);
            }
        } else if (random.nextInt(3) == 0) {
            boolean done = new Select<Boolean>()
                    .on(channel.sendArm(message), SendArm::isSent)
                    .timeout(Stress.timeoutAlways(random), () -> false)
                    .await(io);
            if (done) {
                sent.add(message);
            }
        } else {
            channel.send(io, message, Stress.timeoutAlways(random));
            sent.add(message);
        }
    }

    private void receive(Io io, Channel<Long> channel, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            channel.tryReceive().forEach(this::got);
        } else if (random.nextInt(3) == 0) {
            new Select<Option<Long>>()
                    .on(channel.receiveArm(), ReceiveArm::messageOption)
                    .timeout(Stress.timeoutAlways(random), Option::none)
                    .await(io)
                    .forEach(this::got);
        } else {
            got(channel.receive(io, Stress.timeoutAlways(random)));
        }
    }

    private void got(long message) {
        assertTrue(received.add(message), () -> Stress.seed() + ": received twice: " + message);
    }

    /** Selects in opposite directions, over two rendezvous channels and the same one twice. */
    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void selects_in_opposite_directions_neither_lose_nor_double(String kind) {
        try (ThreadIo io = kind.equals("virtual") ? ThreadIo.virtual() : ThreadIo.platform()) {
            Stress stress = new Stress(io);
            for (int round = 0; round < 20; round++) {
                Channel<Long> left = Channel.rendezvous();
                Channel<Long> right = Channel.rendezvous();
                stress.round(6, 80, (same, random) -> meet(same, left, right, random));
                assertEquals(sent, received, Stress.seed());
            }
            stress.requireBothKinds();
        }
    }

    private void meet(Io io, Channel<Long> left, Channel<Long> right, SplittableRandom random) {
        boolean swapped = random.nextBoolean();
        Channel<Long> to = swapped ? right : left;
        Channel<Long> from = random.nextInt(4) == 0 ? to : swapped ? left : right;
        long message = next.getAndIncrement();
        Select<Runnable> select = new Select<Runnable>()
                .on(to.sendArm(message), arm -> () -> sent.add(message))
                .on(from.receiveArm(), arm -> () -> got(arm.message()));
        if (random.nextInt(3) == 0) {
            select.on(from.receiveArm(), arm -> () -> got(arm.message()));
        }
        select.timeout(Stress.timeoutAlways(random), () -> () -> {
            throw new io.amphio.TimedOutException("nobody to meet");
        });
        select.await(io).run();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void each_producers_messages_arrive_in_order(int capacity) {
        try (ThreadIo io = ThreadIo.virtual()) {
            Channel<long[]> channel = new Channel<>(capacity);
            int producers = 4;
            int each = 2_000;
            List<Started<?>> tasks = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int own = p;
                tasks.add(Started.run(io, "producer-" + p, () -> {
                    for (int i = 0; i < each; i++) {
                        channel.send(io, new long[] {own, i});
                    }
                }));
            }
            long[] expected = new long[producers];
            for (int i = 0; i < producers * each; i++) {
                long[] message = channel.receive(io);
                assertEquals(expected[(int) message[0]]++, message[1]);
            }
            tasks.forEach(Started::get);
        }
    }
}
