package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.conformance.Meeting.Place;
import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.Channel;
import io.amphio.sync.ReceiveArm;
import io.amphio.sync.SendArm;
import io.amphio.sync.Subscription;
import io.vavr.control.Option;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Channels: every message that was sent is received or still there, once. */
final class ChannelPlaces {
    private final Set<Long> sent = ConcurrentHashMap.newKeySet();
    private final Set<Long> received = ConcurrentHashMap.newKeySet();
    private final AtomicLong next = new AtomicLong();

    private ChannelPlaces() {}

    static Place rendezvous(Io one, Io two) {
        return new ChannelPlaces().over(Channel.rendezvous());
    }

    static Place bounded(Io one, Io two) {
        return new ChannelPlaces().over(new Channel<>(3));
    }

    static Place unbounded(Io one, Io two) {
        return new ChannelPlaces().over(Channel.unbounded());
    }

    private Place over(Channel<Long> channel) {
        return LockPlaces.place(
                (io, random) -> {
                    if (random.nextBoolean()) {
                        send(io, channel, random);
                    } else {
                        receive(io, channel, random);
                    }
                },
                io -> {
                    channel.closeNow().forEach(this::got);
                    assertEquals(sent, received);
                });
    }

    private void send(Io io, Channel<Long> channel, SplittableRandom random) {
        long message = next.getAndIncrement();
        switch (random.nextInt(4)) {
            case 0 -> {
                if (channel.trySend(message)) {
                    sent.add(message);
                }
            }
            case 1 -> {
                boolean done = new Select<Boolean>()
                        .on(channel.sendArm(message), SendArm::isSent)
                        .timeout(Chance.timeoutAlways(random), () -> false)
                        .await(io);
                if (done) {
                    sent.add(message);
                }
            }
            default -> {
                channel.send(io, message, Chance.timeoutAlways(random));
                sent.add(message);
            }
        }
    }

    private void receive(Io io, Channel<Long> channel, SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 -> channel.tryReceive().forEach(this::got);
            case 1 ->
                new Select<Option<Long>>()
                        .on(channel.receiveArm(), ReceiveArm::messageOption)
                        .timeout(Chance.timeoutAlways(random), Option::none)
                        .await(io)
                        .forEach(this::got);
            default -> got(channel.receive(io, Chance.timeoutAlways(random)));
        }
    }

    private void got(long message) {
        assertTrue(received.add(message), () -> "received twice: " + message);
    }

    static Place selects(Io one, Io two) {
        ChannelPlaces messages = new ChannelPlaces();
        Channel<Long> left = Channel.rendezvous();
        Channel<Long> right = Channel.rendezvous();
        return LockPlaces.place(
                (io, random) -> messages.swap(io, left, right, random),
                io -> assertEquals(messages.sent, messages.received));
    }

    private void swap(Io io, Channel<Long> left, Channel<Long> right, SplittableRandom random) {
        boolean swapped = random.nextBoolean();
        Channel<Long> to = swapped ? right : left;
        Channel<Long> from = random.nextInt(4) == 0 ? to : swapped ? left : right;
        long message = next.getAndIncrement();
        Select<Runnable> select = new Select<Runnable>()
                .send(to, message, () -> () -> sent.add(message))
                .receive(from, other -> () -> got(other));
        if (random.nextInt(3) == 0) {
            select.receive(from, other -> () -> got(other));
        }
        select.timeout(Chance.timeoutAlways(random), () -> () -> {
            throw new TimedOutException("nobody to meet");
        });
        select.await(io).run();
    }

    /** Nobody can lag, so each subscription must get each message once, whoever of its receivers is canceled. */
    static Place broadcast(Io one, Io two) {
        BroadcastChannel<Long> channel = new BroadcastChannel<>(1_000);
        List<Subscription<Long>> subscriptions = List.of(channel.subscribe(), channel.subscribe());
        List<Set<Long>> received = List.of(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        AtomicLong sent = new AtomicLong();
        return LockPlaces.place(
                (io, random) -> {
                    int which = random.nextInt(3);
                    if (which == 2) {
                        channel.send(sent.getAndIncrement());
                    } else {
                        long message = subscriptions.get(which).receive(io, Chance.timeoutAlways(random));
                        assertTrue(received.get(which).add(message), () -> "received twice: " + message);
                    }
                },
                io -> {
                    channel.close();
                    for (int i = 0; i < 2; i++) {
                        subscriptions.get(i).forEach(io, received.get(i)::add);
                        assertEquals(sent.get(), received.get(i).size());
                    }
                });
    }
}
