package io.amphio.interop.libpq;

import static io.amphio.interop.clib.RealServer.hasThread;
import static io.amphio.interop.clib.RealServer.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.TaskCanceledException;
import io.amphio.TaskException;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.clib.RealServer;
import io.amphio.interop.clib.TestIos;
import io.amphio.sync.Event;
import io.vavr.control.Either;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The connection against a real PostgreSQL, on every Io. */
@ParameterizedClass
@MethodSource("names")
class PgConnectionTest {
    private static final Timeout SOON = Timeout.afterMillis(5000);

    private static PgServer server;

    private final String name;
    private final IoRuntime runtime;
    private final Io io;
    private PgConnection db;

    static List<String> names() {
        return TestIos.names();
    }

    PgConnectionTest(String name) {
        this.name = name;
        this.runtime = TestIos.open(name);
        this.io = runtime.io();
    }

    @BeforeAll
    static void start() throws Exception {
        server = new PgServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        db = PgConnection.connect(io, server.options(), SOON);
        db.query(io, SOON, "drop table if exists things");
        db.query(io, SOON, "create table things (id int primary key, name text, body bytea)");
    }

    @AfterEach
    void close() throws InterruptedException {
        db.close();
        db.close(); // again: nothing
        runtime.close();
        until("the poll thread ends", () -> !hasThread("amphio-fd-poll"));
    }

    private long count() throws IOException {
        return db.query(io, SOON, "select count(*) from things")
                .rows()
                .getFirst()
                .number(0);
    }

    @Test
    void parameters_go_there_and_values_come_back() throws IOException {
        assertEquals(!TestIos.pollsItself(name), hasThread("amphio-fd-poll"));
        byte[] body = {0, 1, -1, '\\', '\''};
        PgResult inserted = db.query(io, SOON, "insert into things values ($1, $2, $3)", 7, "näme", body);
        assertEquals(1, inserted.affected());
        assertEquals("INSERT 0 1", inserted.tag());
        PgRow row = db.query(io, SOON, "select id, name, body, null as nothing, 2.5 as real, true as yes from things")
                .rows()
                .getFirst();
        assertEquals(List.of("id", "name", "body", "nothing", "real", "yes"), row.columns());
        assertEquals(7, row.number("id"));
        assertEquals("näme", row.text("name"));
        assertArrayEquals(body, row.bytes(2));
        assertTrue(row.isNull(3));
        assertNull(row.textOrNull(3));
        assertThrows(IllegalStateException.class, () -> row.text("nothing"));
        assertEquals(2.5, row.real(4));
        assertTrue(row.truth(5));
        assertThrows(IllegalArgumentException.class, () -> row.text("none"));
        PgRow nulls = db.query(io, SOON, "select $1::text, $2::text, $3::bytea", null, "", new byte[0])
                .rows()
                .getFirst();
        assertTrue(nulls.isNull(0));
        assertEquals("", nulls.text(1));
        assertEquals(0, nulls.bytes(2).length);
        assertThrows(IllegalArgumentException.class, () -> db.query(io, SOON, "select $1", new Object()));
        assertThrows(IllegalArgumentException.class, () -> db.query(io, SOON, "select $1", "a\0b"));
    }

    @Test
    void a_refusal_is_told_with_its_state_and_the_connection_goes_on() throws IOException {
        PgException refused = assertThrows(PgException.class, () -> db.query(io, SOON, "select * from nowhere"));
        assertEquals("42P01", refused.sqlState());
        db.query(io, SOON, "insert into things values (1)");
        PgException twice = assertThrows(PgException.class, () -> db.query(io, SOON, "insert into things values (1)"));
        assertEquals("23505", twice.sqlState());
        assertTrue(twice.getMessage().contains("already exists"), twice.getMessage());
        assertEquals(1, count());
    }

    @Test
    void large_values_go_both_ways() throws IOException {
        String large = "x".repeat(5_000_000);
        PgRow row =
                db.query(io, SOON, "select $1::text || $1::text", large).rows().getFirst();
        assertEquals(10_000_000, row.text(0).length());
    }

    @Test
    void rows_are_streamed_and_a_body_that_has_enough_ends_it() throws IOException {
        long[] sum = new long[1];
        assertEquals(
                20_000,
                db.stream(io, SOON, row -> sum[0] += row.number(0), "select generate_series(1, $1::int)", 20_000));
        assertEquals(200_010_000, sum[0]);
        IllegalStateException enough = assertThrows(
                IllegalStateException.class,
                () -> db.stream(
                        io,
                        SOON,
                        row -> {
                            if (row.number(0) == 5) {
                                throw new IllegalStateException("enough");
                            }
                        },
                        "select generate_series(1, 100000000)"));
        assertEquals(0, enough.getSuppressed().length);
        assertEquals(0, count());
        assertThrows(PgException.class, () -> db.stream(io, SOON, _ -> {}, "select 1/(10 - generate_series(1, 20))"));
        assertEquals(0, count());
    }

    @Test
    void a_deadline_or_a_cancel_ends_the_statement_at_the_server_and_the_connection_is_usable() throws Exception {
        TimedOutException late = assertThrows(
                TimedOutException.class, () -> db.query(io, Timeout.afterMillis(30), "select pg_sleep(100)"));
        assertEquals(0, late.getSuppressed().length);
        assertEquals(0, count());
        Future<PgResult> canceled = io.concurrent(() -> db.query(io, Timeout.NONE, "select pg_sleep(100)"))
                .get();
        try (PgConnection observer = PgConnection.connect(io, server.options(), SOON)) {
            until("it sleeps", () -> sleepers(observer) == 1);
            assertInstanceOf(TaskCanceledException.class, canceled.cancel(io).getCause());
            until("nobody sleeps", () -> sleepers(observer) == 0);
        }
        assertEquals(0, count());
        assertFalse(db.isClosed());
    }

    private long sleepers(PgConnection observer) {
        try {
            return observer.query(
                            io,
                            SOON,
                            "select count(*) from pg_stat_activity where state = 'active' and query like $1",
                            "select pg_sl%")
                    .rows()
                    .getFirst()
                    .number(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_transaction_is_kept_whole_or_not_at_all() throws IOException {
        assertEquals("done", db.<String, IOException>transaction(io, SOON, () -> {
            db.query(io, SOON, "insert into things values (1)");
            assertThrows(IllegalStateException.class, () -> db.transaction(io, SOON, () -> 1));
            return "done";
        }));
        assertEquals(1, count());
        assertThrows(
                ArithmeticException.class,
                () -> db.<Integer, IOException>transaction(io, SOON, () -> {
                    db.query(io, SOON, "insert into things values (2)");
                    throw new ArithmeticException("of the body");
                }));
        assertEquals(1, count());
        PgException kept = assertThrows(
                PgException.class,
                () -> db.<Integer, IOException>transaction(io, SOON, () -> {
                    db.query(io, SOON, "insert into things values (3)");
                    assertThrows(PgException.class, () -> db.query(io, SOON, "nonsense"));
                    return 1;
                }));
        assertTrue(kept.getMessage().contains("rolled back"), kept.getMessage());
        assertThrows(
                TimedOutException.class,
                () -> io.withTimeout(
                        Duration.ofMillis(50),
                        () -> db.<Integer, IOException>transaction(io, SOON, () -> {
                            db.query(io, SOON, "insert into things values (4)");
                            db.query(io, Timeout.NONE, "select pg_sleep(100)");
                            return 1;
                        })));
        assertEquals(1, count());
    }

    @Test
    void a_connection_in_use_refuses_others() throws Exception {
        Event inside = new Event();
        Event go = new Event();
        Future<Integer> owner = io.concurrent(() -> db.<Integer, IOException>transaction(io, SOON, () -> {
                    inside.set();
                    go.await(io);
                    return 1;
                }))
                .get();
        inside.await(io);
        assertThrows(IllegalStateException.class, this::count);
        go.set();
        owner.await(io);
        assertEquals(0, count());
        assertThrows(IllegalStateException.class, () -> db.stream(io, SOON, _ -> count(), "select 1"));
        assertEquals(0, count());
    }

    @Test
    void a_pipeline_goes_in_one_and_stops_at_the_first_refusal() throws IOException {
        List<Either<PgException, PgResult>> results = db.pipeline(
                io,
                SOON,
                List.of(
                        PgStatement.of("insert into things values ($1, $2)", 1, "one"),
                        PgStatement.of("select name from things where id = $1", 1)));
        assertEquals("one", results.get(1).get().rows().getFirst().text(0));
        List<Either<PgException, PgResult>> refused = db.pipeline(
                io,
                SOON,
                List.of(
                        PgStatement.of("insert into things values (2)"),
                        PgStatement.of("insert into things values (1)"),
                        PgStatement.of("insert into things values (3)")));
        assertTrue(refused.get(0).isRight());
        assertEquals("23505", refused.get(1).getLeft().sqlState());
        assertEquals("25P02", refused.get(2).getLeft().sqlState());
        assertEquals(1, count());
        assertThrows(
                TimedOutException.class,
                () -> db.pipeline(
                        io,
                        Timeout.afterMillis(30),
                        List.of(
                                PgStatement.of("insert into things values (4)"),
                                PgStatement.of("select pg_sleep(100)"))));
        assertEquals(1, count());
        List<PgStatement> many = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            many.add(PgStatement.of("select $1::int, repeat('x', 1000)", i));
        }
        assertEquals(
                2999,
                db.pipeline(io, SOON, many).getLast().get().rows().getFirst().number(0));
    }

    @Test
    void copies_go_in_and_out() throws IOException {
        assertEquals(50_000, db.copyIn(io, SOON, "copy things (id, name) from stdin", out -> {
            for (int i = 0; i < 50_000; i++) {
                out.write((i + "\tname " + i + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }));
        long[] bytes = new long[1];
        assertEquals(
                50_000,
                db.copyOut(
                        io, SOON, "copy (select id from things order by id) to stdout", row -> bytes[0] += row.length));
        assertEquals(288_890, bytes[0]);
        assertThrows(
                ArithmeticException.class,
                () -> db.copyOut(io, SOON, "copy things to stdout", row -> {
                    throw new ArithmeticException("enough");
                }));
        assertThrows(
                ArithmeticException.class,
                () -> db.copyIn(io, SOON, "copy things (id) from stdin", out -> {
                    out.write("100000\n".getBytes(StandardCharsets.UTF_8));
                    throw new ArithmeticException("no more");
                }));
        assertEquals(50_000, count());
        PgException refused = assertThrows(
                PgException.class,
                () -> db.copyIn(
                        io,
                        SOON,
                        "copy things (id) from stdin",
                        out -> out.write("no number\n".getBytes(StandardCharsets.UTF_8))));
        assertEquals("22P02", refused.sqlState());
        assertThrows(PgException.class, () -> db.copyIn(io, SOON, "copy nowhere from stdin", _ -> {}));
        assertThrows(IllegalArgumentException.class, () -> db.copyIn(io, SOON, "select 1", _ -> {}));
        assertThrows(IllegalArgumentException.class, () -> db.query(io, SOON, "copy things from stdin"));
        assertThrows(IllegalArgumentException.class, () -> db.copyOut(io, SOON, "copy things from stdin", _ -> {}));
        assertThrows(IllegalArgumentException.class, () -> db.query(io, SOON, "copy things to stdout"));
        assertEquals(50_000, count());
    }

    @Test
    void notifications_come_into_a_channel() throws Exception {
        try (PgListener listener = PgListener.open(io, server.options(), SOON, 2, "news", "odd \"name\"")) {
            for (int i = 0; i < 20; i++) {
                db.query(io, SOON, "select pg_notify('news', $1)", "message " + i);
            }
            db.query(io, SOON, "notify \"odd \"\"name\"\"\"");
            for (int i = 0; i < 20; i++) {
                PgNotification next = listener.notifications().receive(io, SOON);
                assertEquals("message " + i, next.payload());
                assertEquals("news", next.channel());
            }
            assertEquals(
                    "odd \"name\"", listener.notifications().receive(io, SOON).channel());
            db.query(
                    io,
                    SOON,
                    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                            + " and backend_type = 'client backend'");
            assertTrue(listener.notifications().receiveOption(io, SOON).isEmpty());
            assertNotNull(listener.loss());
        }
        PgListener closed = PgListener.open(io, server.options(), SOON, 0, "news");
        db.query(io, SOON, "notify news");
        closed.close();
        assertTrue(closed.notifications().isClosed());
    }

    @Test
    void it_connects_by_a_socket_and_by_name_and_is_refused_by_name() throws IOException {
        for (PgOptions options : List.of(
                server.bySocket(),
                PgOptions.of("localhost", server.port, "postgres", "postgres"),
                server.options().with("application_name", "amphio"))) {
            try (PgConnection other = PgConnection.connect(io, options, SOON)) {
                assertEquals(
                        1, other.query(io, SOON, "select 1").rows().getFirst().number(0));
            }
        }
        IOException refused = assertThrows(
                IOException.class,
                () -> PgConnection.connect(
                        io, PgOptions.of("127.0.0.1", server.port, "no database", "postgres"), SOON));
        assertTrue(refused.getMessage().contains("does not exist"), refused.getMessage());
        int unused = RealServer.freePort();
        IOException nobody = assertThrows(
                IOException.class,
                () -> PgConnection.connect(io, PgOptions.of("127.0.0.1", unused, "postgres", "postgres"), SOON));
        assertTrue(nobody.getMessage().contains("refused"), nobody.getMessage());
        assertFalse(server.options().withPassword("hidden").toString().contains("hidden"));
    }

    @Test
    void a_killed_server_ends_the_statement_at_once_and_another_connection_works_when_it_is_back() throws Exception {
        Future<PgResult> waiting =
                io.concurrent(() -> db.query(io, SOON, "select pg_sleep(100)")).get();
        try (PgConnection observer = PgConnection.connect(io, server.options(), SOON)) {
            until("it sleeps", () -> sleepers(observer) == 1);
        }
        server.kill();
        try {
            TaskException lost = assertThrows(TaskException.class, () -> waiting.await(io));
            assertTrue(
                    lost.getCause().getMessage().contains("the connection is lost"),
                    lost.getCause().getMessage());
            assertTrue(db.isClosed());
            assertThrows(IOException.class, this::count);
        } finally {
            server.start();
        }
        db = PgConnection.connect(io, server.options(), SOON);
        assertEquals(0, count());
    }

    @Test
    void closing_it_ends_what_it_does_and_so_does_the_end_of_the_runtime() throws Exception {
        Future<PgResult> waiting = io.concurrent(() -> db.query(io, Timeout.NONE, "select pg_sleep(100)"))
                .get();
        try (PgConnection observer = PgConnection.connect(io, server.options(), SOON)) {
            until("it sleeps", () -> sleepers(observer) == 1);
            db.close();
            TaskException closed = assertThrows(TaskException.class, () -> waiting.await(io));
            assertInstanceOf(IOException.class, closed.getCause());
        }
        db = PgConnection.connect(io, server.options(), SOON);
        runtime.close(); // and then the connection, by close()
    }
}
