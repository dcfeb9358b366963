package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import io.amphio.sync.Channel;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import io.amphio.sync.Semaphore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Programs that are right, whatever the seed, and however time and messages go. */
final class Programs {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

    private Programs() {}

    /** Some of all: for tests of the simulation itself. */
    static void everything(Io io) throws Exception {
        mutex(io);
        channel(io);
        select(io);
        echo(io);
        cancel(io);
    }

    /** Tasks that take turns, some of which are canceled while they wait. */
    static void mutex(Io io) throws Exception {
        Mutex mutex = new Mutex();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tasks.add(io.async(() -> {
                for (int round = 0; round < 3; round++) {
                    mutex.lock(io);
                    try {
                        assertEquals(1, inside.incrementAndGet());
                        io.yieldNow();
                        inside.decrementAndGet();
                    } catch (CanceledException canceled) {
                        inside.decrementAndGet();
                        throw canceled;
                    } finally {
                        mutex.unlock();
                    }
                }
                done.incrementAndGet();
            }));
        }
        tasks.get(1).requestCancel();
        tasks.get(3).cancel(io);
        for (int i : new int[] {0, 2, 4}) {
            tasks.get(i).await(io);
        }
        tasks.get(1).cancel(io);
        assertTrue(done.get() >= 3);
        assertTrue(!mutex.isLocked());
    }

    /** What is sent is received, once and in order, over a small channel. */
    static void channel(Io io) throws Exception {
        Channel<Integer> channel = new Channel<>(2);
        List<Integer> received = new ArrayList<>();
        Future<?> receiver = io.async(() -> {
            while (received.size() < 20) {
                try {
                    received.add(channel.receive(io, Timeout.after(Duration.ofNanos(3_000))));
                } catch (TimedOutException again) {
                    io.checkCancel();
                }
            }
        });
        for (int i = 0; i < 20; i++) {
            channel.send(io, i);
        }
        receiver.await(io);
        for (int i = 0; i < 20; i++) {
            assertEquals(i, received.get(i));
        }
    }

    /** Two selects meet over two rendezvous channels, in opposite directions. */
    static void select(Io io) throws Exception {
        Channel<Integer> left = new Channel<>(0);
        Channel<Integer> right = new Channel<>(0);
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger got = new AtomicInteger();
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean turned = i % 2 == 0;
            tasks.add(io.async(() -> {
                for (int round = 0; round < 4; round++) {
                    new Select<Integer>()
                            .send(turned ? left : right, 1, sent::incrementAndGet)
                            .receive(turned ? right : left, _ -> got.incrementAndGet())
                            .timeout(Timeout.after(Duration.ofNanos(20_000)), () -> 0)
                            .await(io);
                }
            }));
        }
        for (Future<?> task : tasks) {
            task.await(io);
        }
        assertEquals(sent.get(), got.get(), "every value that was sent was received, once");
    }

    /** A group whose members fail, end and are canceled. */
    static void group(Io io) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Group group = new Group()) {
            Semaphore permits = new Semaphore(2);
            for (int i = 0; i < 6; i++) {
                int number = i;
                group.async(io, () -> {
                    try {
                        permits.acquire(io);
                        try {
                            io.sleep(Duration.ofNanos(500L * number));
                        } finally {
                            permits.release();
                        }
                    } finally {
                        ended.incrementAndGet();
                    }
                });
            }
            io.sleep(Duration.ofNanos(4_000));
            group.cancel(io);
            assertEquals(6, ended.get());
            assertEquals(2, permits.freePermits());
        }
    }

    /** Connections that echo what they get, byte for byte, more than the buffers hold. */
    static void echo(Io io) throws Exception {
        try (Server server = io.net().listen(ANY_PORT);
                Group group = new Group()) {
            group.async(io, TaskOptions.named("server"), () -> {
                while (true) {
                    Stream accepted = server.accept(io);
                    group.async(io, () -> {
                        try (accepted) {
                            new Reader(accepted).transferTo(io, accepted);
                        }
                        return null;
                    });
                }
            });
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                byte[] message = bytes(5_000 * i + 1);
                clients.add(io.async(() -> exchange(io, server.localAddress(), message)));
            }
            for (Future<?> client : clients) {
                client.await(io);
            }
            group.cancel(io);
        }
    }

    private static void exchange(Io io, InetSocketAddress address, byte[] message) throws IOException {
        try (Stream stream = io.net().connect(io, address);
                Group sending = new Group()) {
            sending.async(io, () -> {
                stream.writeAll(io, ByteBuffer.wrap(message));
                stream.shutdownOutput();
                return null;
            });
            ByteBuffer back = ByteBuffer.allocate(message.length + 1);
            while (stream.read(io, back) >= 0) {
                assertTrue(back.hasRemaining(), "more than was sent");
            }
            sending.await(io);
            byte[] got = new byte[back.flip().remaining()];
            back.get(got);
            assertArrayEquals(message, got);
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (31 * i);
        }
        return bytes;
    }

    /** Cancels and deadlines that race with what they would end. */
    static void cancel(Io io) throws Exception {
        for (int i = 0; i < 4; i++) {
            Event event = new Event();
            Future<String> waiting = io.async(() -> {
                event.await(io);
                return "happened";
            });
            Future<?> setting = io.async(event::set);
            boolean happened = waiting.cancel(io).isSuccess();
            setting.await(io);
            assertTrue(happened || event.isSet());
            int round = i;
            try {
                String early = io.withTimeout(Duration.ofNanos(1_000), () -> {
                    io.sleep(Duration.ofNanos(400L * round));
                    return "early";
                });
                assertEquals("early", early);
            } catch (TimedOutException late) {
                io.checkCancel(); // nothing of it is left
            }
        }
    }
}
