package io.amphio.interop.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.Running;
import io.amphio.interop.across.Canary;
import io.amphio.interop.servers.PostgresServer;
import io.amphio.sync.Event;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's driver and HikariCP under tasks. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class DatabaseTest {
    private static final int CONNECTIONS = 10;
    private static final int LOOPS = 2;
    private static PostgresServer server;

    @Parameter
    String name;

    private IoRuntime runtime;
    private Io io;
    private HikariDataSource pool;
    private Database database;

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        server = PostgresServer.start();
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0"); // it looks whether a connection is broken
    }

    @AfterAll
    static void stopServer() throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        IoOptions options = IoOptions.of(name);
        runtime = IoRuntime.open(
                name.equals("evented")
                        ? options.with("loops", Integer.toString(LOOPS)).with("mode", "pinned")
                        : options);
        io = runtime.io();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(2_000);
        pool = new HikariDataSource(config);
        database = new Database(runtime.blocking(), pool, CONNECTIONS);
    }

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
        pool.close();
    }

    private static int ask(Connection connection, String sql, int argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, argument);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static Void sleep(Connection connection, int seconds) throws SQLException {
        ask(connection, "select 1 from pg_sleep(?)", seconds);
        return null;
    }

    @Test
    void a_thousand_requests_share_ten_connections_and_no_loop_stops() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger sum = new AtomicInteger();
        Canary canary = new Canary(io, name.equals("evented") ? LOOPS : 0);
        try (Group requests = Group.failFast()) {
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                requests.concurrent(
                        io,
                        () -> database.with(io, connection -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            int answer = ask(connection, "select ? from pg_sleep(0.004)", number);
                            now.decrementAndGet();
                            return sum.addAndGet(answer);
                        }));
            }
            requests.await(io);
        }
        canary.close();
        assertEquals(IntStream.range(0, 1_000).sum(), sum.get());
        assertEquals(CONNECTIONS, most.get());
        assertEquals(CONNECTIONS, database.free());
        assertTrue(
                canary.longestPause().compareTo(Duration.ofSeconds(1)) < 0,
                () -> "a pause of " + canary.longestPause());
    }

    private int active() throws SQLException {
        return database.with(
                io,
                connection -> ask(
                        connection,
                        "select count(*)::int from pg_stat_activity where query like '%pg_sleep%' and state = 'active'"
                                + " and pid <> pg_backend_pid() and ? = 1",
                        1));
    }

    private void untilActive(int count) throws SQLException {
        while (active() != count) {
            io.yieldNow();
        }
    }

    @Test
    void a_cancel_reaches_the_statement() throws Exception {
        Running<Void> asking = Running.start(io, () -> database.with(io, connection -> sleep(connection, 600)));
        untilActive(1);
        assertTrue(asking.endsCanceled(io));
        assertEquals(CONNECTIONS, database.free());
        untilActive(0);
    }

    @Test
    void a_deadline_reaches_the_statement() throws Exception {
        assertThrows(
                TimedOutException.class,
                () -> io.withTimeout(
                        Duration.ofMillis(100), () -> database.with(io, connection -> sleep(connection, 600))));
        untilActive(0);
        assertEquals(7, database.<Integer>with(io, connection -> ask(connection, "select ?", 7)));
    }

    @Test
    void what_the_database_says_is_thrown_as_it_is() {
        SQLException thrown = assertThrows(
                SQLException.class, () -> database.with(io, connection -> ask(connection, "select no_such(?)", 1)));
        assertEquals("42883", thrown.getSQLState());
        assertThrows(
                IllegalStateException.class,
                () -> database.with(io, _ -> {
                    throw new IllegalStateException("planned");
                }));
        assertEquals(CONNECTIONS, database.free());
    }

    @Test
    void a_transaction_is_committed_or_rolled_back() throws Exception {
        database.with(io, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("drop table if exists kept; create table kept (number int)");
            }
        });
        database.transaction(io, connection -> insert(connection, 1));
        assertThrows(
                IllegalStateException.class,
                () -> database.transaction(io, connection -> {
                    insert(connection, 2);
                    throw new IllegalStateException("planned");
                }));
        Running<Void> canceled = Running.start(
                io,
                () -> database.transaction(io, connection -> {
                    insert(connection, 4);
                    return sleep(connection, 600);
                }));
        untilActive(1);
        assertTrue(canceled.endsCanceled(io));
        assertEquals(
                1,
                database.<Integer>with(
                        io, connection -> ask(connection, "select sum(number)::int from kept where ? = 1", 1)));
    }

    private static int insert(Connection connection, int number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into kept values (?)")) {
            statement.setInt(1, number);
            return statement.executeUpdate();
        }
    }

    @Test
    void who_waits_for_a_connection_is_served_in_order_and_may_leave() throws Exception {
        Database single = new Database(runtime.blocking(), pool, 1);
        Event release = new Event();
        Running<Void> first = Running.start(
                io,
                () -> single.with(io, _ -> {
                    release.await(io);
                    return null;
                }));
        Running.until(() -> single.free() == 0);
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Running<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            waiting.add(Running.<Void>start(
                            io,
                            () -> single.with(io, _ -> {
                                order.add(number);
                                return null;
                            }))
                    .untilWaiting());
        }
        assertThrows(TimedOutException.class, () -> single.with(io, Timeout.afterMillis(3), _ -> null));
        assertTrue(waiting.get(3).endsCanceled(io));
        release.set();
        first.future.await(io);
        for (Running<Void> one : waiting) {
            one.ends(io);
        }
        assertEquals(IntStream.range(0, 20).filter(i -> i != 3).boxed().toList(), order);
    }

    /** Cancels at random moments, of which the pool must not notice anything: no statement fails for another's cancel. */
    @Test
    void cancels_at_any_moment_hit_their_own_statements_only() throws Exception {
        Random random = new Random(5);
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            boolean canceled = random.nextInt(3) == 0;
            Future<Integer> future = io.<Integer>concurrent(() ->
                            database.with(io, connection -> ask(connection, "select ? from pg_sleep(0.003)", number)))
                    .get();
            if (canceled) {
                io.sleep(Duration.ofNanos(random.nextInt(4_000_000)));
                future.cancel(io);
            } else {
                all.add(future);
            }
        }
        assertTrue(all.size() > 50, () -> all.size() + " of 200 were not to be canceled");
        for (Future<Integer> future : all) {
            future.await(io); // and is not hit by the cancel of another
        }
        assertEquals(CONNECTIONS, database.free());
    }

    @Test
    void a_server_that_dies_is_an_error_and_the_next_request_after_its_return_works() throws Exception {
        Running<Void> asking = Running.start(io, () -> database.with(io, connection -> sleep(connection, 600)));
        untilActive(1);
        server.kill();
        assertThrows(SQLException.class, () -> {
            asking.ends(io);
            try {
                asking.future.await(io);
            } catch (io.amphio.TaskException wrapped) {
                throw wrapped.getCause();
            }
        });
        server.restart();
        assertEquals(7, database.<Integer>with(io, connection -> ask(connection, "select ?", 7)));
    }

    // ---------------------------------------------------------------- a driver that does what a test says

    @Test
    void a_connection_is_given_back_after_its_statement_and_its_cancel() throws Exception {
        FakeSource fake = new FakeSource(true);
        Database single = new Database(runtime.blocking(), fake.source(), 1);
        Running<Boolean> asking = Running.start(
                io,
                () -> single.with(io, connection -> {
                    try (Statement statement = connection.createStatement()) {
                        return statement.execute("wait");
                    }
                }));
        fake.executing.await();
        asking.future.requestCancel();
        fake.canceling.await(); // the statement ends by it, the cancel itself does not yet
        Running.until(() -> fake.running.get() == 1);
        assertThrows(TimedOutException.class, () -> single.with(io, Timeout.afterMillis(20), _ -> null));
        assertEquals(1, fake.given.get());
        fake.letCancelReturn.countDown();
        assertTrue(asking.endsCanceled(io));
        assertEquals(List.of(), fake.broken);
        assertEquals(0, fake.given.get());
    }

    @Test
    void nothing_is_executed_after_a_cancel() throws Exception {
        FakeSource fake = new FakeSource(true);
        Event go = new Event();
        Database single = new Database(runtime.blocking(), fake.source(), 1);
        Running<Boolean> asking = Running.start(
                io,
                () -> single.with(io, connection -> {
                    while (!go.isSet()) {
                        Thread.onSpinWait();
                    }
                    try (Statement statement = connection.createStatement()) {
                        return statement.execute("never");
                    }
                }));
        Running.until(() -> fake.given.get() == 1);
        asking.untilWaiting().future.requestCancel(); // for the body, by now: so the request is handed on at once
        go.set();
        assertTrue(asking.endsCanceled(io));
        assertEquals(1, fake.executing.getCount());
    }

    @Test
    void a_thread_that_is_hogged_holds_up_its_caller_and_nobody_else() throws Exception {
        FakeSource fake = new FakeSource(false);
        fake.letCancelReturn.countDown();
        Database stuck = new Database(runtime.blocking(), fake.source(), 4);
        Canary canary = new Canary(io, name.equals("evented") ? LOOPS : 0);
        List<Running<Boolean>> asking = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            asking.add(Running.start(
                    io,
                    () -> stuck.with(io, connection -> {
                        try (Statement statement = connection.createStatement()) {
                            return statement.execute("hog");
                        }
                    })));
        }
        Running.until(() -> fake.running.get() == 4);
        asking.forEach(one -> one.future.requestCancel());
        io.sleep(Duration.ofMillis(50));
        assertEquals(7, database.<Integer>with(io, connection -> ask(connection, "select ?", 7)));
        assertFalse(asking.getFirst().future.isDone());
        fake.letExecuteReturn.countDown();
        for (Running<Boolean> one : asking) {
            assertTrue(one.endsCanceled(io));
        }
        canary.close();
        assertTrue(
                canary.longestPause().compareTo(Duration.ofSeconds(1)) < 0,
                () -> canary.longestPause().toString());
        assertEquals(List.of(), fake.broken);
    }
}
