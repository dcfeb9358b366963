package io.amphio.interop.libpq;

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
 * Statements with random deadlines and cancels, backends that are terminated and a server that crashes and comes back: every answer is
 * the right one, half transactions are never seen, and in the end all is as it was. Seconds in {@code amphio.soak.seconds}, 10 in all;
 * the seed in {@code amphio.soak.seed}.
 */
@ParameterizedClass
@MethodSource("names")
class PgSoakTest {
    private static final int TASKS = 6;
    private static final Timeout SOON = Timeout.afterMillis(5000);

    private final String name;
    private final long seed = Long.getLong("amphio.soak.seed", System.nanoTime());
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong cancels = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();

    static List<String> names() {
        return TestIos.names();
    }

    PgSoakTest(String name) {
        this.name = name;
    }

    @Test
    @org.junit.jupiter.api.Timeout(value = 200, threadMode = ThreadMode.SEPARATE_THREAD)
    void nothing_is_mixed_up_and_nothing_is_left() throws Exception {
        long nanos = Duration.ofSeconds(Long.getLong("amphio.soak.seconds", 10)).toNanos()
                / TestIos.names().size();
        try (PgServer server = new PgServer()) {
            round(server, nanos / 10); // what is made once, is made
            answers.set(0);
            long descriptors = openDescriptors();
            round(server, nanos);
            until("the poll thread ends", () -> !hasThread("amphio-fd-poll"));
            until("descriptors are closed: " + descriptors + " before", () -> openDescriptors() <= descriptors);
        }
        assertTrue(answers.get() > 20 && cancels.get() > 0 && losses.get() > 0, this::toString);
    }

    private void round(PgServer server, long nanos) throws Exception {
        stopping.set(false);
        try (IoRuntime runtime = TestIos.open(name)) {
            Io io = runtime.io();
            try (PgConnection db = PgConnection.connect(io, server.options(), SOON)) {
                db.query(io, SOON, "drop table if exists pairs");
                db.query(io, SOON, "create table pairs (task int, half int)");
            }
            List<Future<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                int number = i;
                tasks.add(io.concurrent(() -> work(io, server, number)).get());
            }
            long end = System.nanoTime() + nanos;
            io.sleep(Duration.ofNanos(nanos / 2));
            server.kill();
            server.start();
            try (PgConnection db = PgConnection.connect(io, server.options(), SOON)) {
                Random random = new Random(seed - 1);
                while (System.nanoTime() - end < 0) {
                    io.sleep(Duration.ofMillis(random.nextInt(1, 60)));
                    db.query(
                            io,
                            SOON,
                            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                                    + " and backend_type = 'client backend' limit 1");
                }
                stopping.set(true);
                tasks.forEach(each -> each.await(io));
                assertEquals(
                        0,
                        db.query(io, SOON, "select 1 from pairs group by task having count(*) % 2 = 1")
                                .affected(),
                        this::toString);
            }
        }
    }

    private void work(Io io, PgServer server, int number) {
        Random random = new Random(seed + number);
        while (!stopping.get()) {
            try (PgConnection db = PgConnection.connect(io, server.options(), SOON)) {
                while (!stopping.get()) {
                    once(io, db, number, random);
                }
            } catch (IOException lost) {
                losses.incrementAndGet();
            }
        }
    }

    private void once(Io io, PgConnection db, int number, Random random) throws IOException {
        int value = random.nextInt();
        Timeout brief = Timeout.after(Duration.ofNanos(random.nextInt(3_000_000)));
        try {
            switch (random.nextInt(4)) {
                case 0 -> {
                    Future<PgResult> future = io.concurrent(
                                    () -> db.query(io, SOON, "select $1::int, pg_sleep(0.01)", value))
                            .get();
                    io.sleep(Duration.ofNanos(random.nextInt(3_000_000)));
                    future.cancel(io).forEach(result -> check(value, result));
                    cancels.incrementAndGet();
                }
                case 1 -> check(value, db.query(io, brief, "select $1::int", value));
                case 2 ->
                    db.<Integer, IOException>transaction(io, SOON, () -> {
                        db.query(io, SOON, "insert into pairs values ($1, 1)", number);
                        db.query(io, brief, "insert into pairs values ($1, 2)", number);
                        return 1;
                    });
                default -> check(value, db.query(io, SOON, "select $1::int", value));
            }
            answers.incrementAndGet();
        } catch (TimedOutException expected) {
            cancels.incrementAndGet();
        }
    }

    private static void check(int value, PgResult result) {
        assertEquals(value, result.rows().getFirst().number(0));
    }

    @Override
    public String toString() {
        return name + ", seed " + seed + ": " + answers + " answers, " + cancels + " cancels, " + losses + " losses";
    }
}
