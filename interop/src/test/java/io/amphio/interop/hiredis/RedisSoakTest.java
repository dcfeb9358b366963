package io.amphio.interop.hiredis;

import static io.amphio.interop.clib.RealServer.hasThread;
import static io.amphio.interop.clib.RealServer.openDescriptors;
import static io.amphio.interop.clib.RealServer.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.clib.TestIos;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands with random deadlines and cancels, connections that are killed and a server that crashes and comes back: every answer is the
 * right one, and in the end all is as it was. Seconds in {@code amphio.soak.seconds}, 10 in all; the seed in {@code amphio.soak.seed}.
 */
@ParameterizedClass
@MethodSource("names")
class RedisSoakTest {
    private static final int TASKS = 8;
    private static final Timeout SOON = Timeout.afterMillis(5000);

    private final String name;
    private final long seed = Long.getLong("amphio.soak.seed", System.nanoTime());
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong cancels = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Mutex reconnecting = new Mutex();
    private volatile RedisClient shared; // who holds reconnecting

    static List<String> names() {
        return TestIos.names();
    }

    RedisSoakTest(String name) {
        this.name = name;
    }

    @Test
    @org.junit.jupiter.api.Timeout(value = 200, threadMode = ThreadMode.SEPARATE_THREAD)
    void nothing_is_mixed_up_and_nothing_is_left() throws Exception {
        long nanos = Duration.ofSeconds(Long.getLong("amphio.soak.seconds", 10)).toNanos()
                / TestIos.names().size();
        try (RedisServer server = new RedisServer()) {
            round(server, nanos / 10); // what is made once, is made
            answers.set(0);
            long descriptors = openDescriptors();
            round(server, nanos);
            assertEquals(0, Hiredis.CONNECTIONS.count(), this::toString);
            until("the poll thread ends", () -> !hasThread("amphio-fd-poll"));
            until("descriptors are closed: " + descriptors + " before", () -> openDescriptors() <= descriptors);
        }
        assertTrue(answers.get() > 100 && cancels.get() > 0 && losses.get() > 0, this::toString);
    }

    private void round(RedisServer server, long nanos) throws Exception {
        stopping.set(false);
        try (IoRuntime runtime = TestIos.open(name)) {
            Io io = runtime.io();
            shared = RedisClient.connect(io, server.options(), SOON);
            List<Future<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                Random random = new Random(seed + i);
                tasks.add(io.concurrent(() -> work(io, server, random)).get());
            }
            long end = System.nanoTime() + nanos;
            server.kill();
            server.restart();
            Random random = new Random(seed - 1);
            while (System.nanoTime() - end < 0) {
                io.sleep(Duration.ofMillis(random.nextInt(1, 30)));
                try {
                    shared.command(io, SOON, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no");
                } catch (IOException lost) {
                    losses.incrementAndGet();
                }
            }
            stopping.set(true);
            tasks.forEach(each -> each.await(io));
            shared.close();
        }
    }

    private void work(Io io, RedisServer server, Random random) {
        for (int i = 0; !stopping.get(); i++) {
            RedisClient used = shared;
            String text = Integer.toString(random.nextInt()) + "-" + i;
            try {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Future<RedisReply> future = io.concurrent(() -> used.command(io, SOON, "ECHO", text))
                                .get();
                        if (random.nextBoolean()) {
                            io.sleep(Duration.ofNanos(random.nextInt(300_000)));
                        }
                        future.cancel(io).forEach(reply -> assertEquals(text, reply.text()));
                        cancels.incrementAndGet();
                    }
                    case 1 -> {
                        Timeout brief = Timeout.after(Duration.ofNanos(random.nextInt(1_000_000)));
                        assertEquals(text, used.command(io, brief, "ECHO", text).text());
                    }
                    default -> {
                        assertEquals(text, used.command(io, SOON, "ECHO", text).text());
                        answers.incrementAndGet();
                    }
                }
            } catch (TimedOutException expected) {
                cancels.incrementAndGet();
            } catch (IOException lost) {
                losses.incrementAndGet();
                reconnect(io, server, used);
            }
        }
    }

    private void reconnect(Io io, RedisServer server, RedisClient lost) {
        reconnecting.lock(io);
        try {
            while (shared == lost) {
                lost.close();
                try {
                    shared = RedisClient.connect(io, server.options(), SOON);
                } catch (IOException notYet) {
                    io.sleep(Duration.ofMillis(2));
                }
            }
        } finally {
            reconnecting.unlock();
        }
    }

    @Override
    public String toString() {
        return name + ", seed " + seed + ": " + answers + " answers, " + cancels + " cancels, " + losses + " losses";
    }
}
