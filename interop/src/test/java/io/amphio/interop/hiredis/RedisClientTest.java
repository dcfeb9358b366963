package io.amphio.interop.hiredis;

import static io.amphio.interop.clib.RealServer.hasThread;
import static io.amphio.interop.clib.RealServer.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import io.amphio.sync.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The client against a real Redis, on every Io. */
@ParameterizedClass
@MethodSource("names")
class RedisClientTest {
    private static final Timeout SOON = Timeout.afterMillis(5000);

    private static RedisServer server;

    private final String name;
    private final IoRuntime runtime;
    private final Io io;
    private RedisClient redis;

    static List<String> names() {
        return TestIos.names();
    }

    RedisClientTest(String name) {
        this.name = name;
        this.runtime = TestIos.open(name);
        this.io = runtime.io();
    }

    @BeforeAll
    static void start() throws Exception {
        server = new RedisServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        redis = RedisClient.connect(io, server.options(), SOON);
        redis.command(io, SOON, "FLUSHALL").orThrow();
    }

    @AfterEach
    void close() throws InterruptedException {
        redis.close();
        redis.close(); // again: nothing
        runtime.close();
        assertEquals(0, Hiredis.CONNECTIONS.count());
        until("the poll thread ends", () -> !hasThread("amphio-fd-poll"));
    }

    @Test
    void every_kind_of_reply_comes_as_a_value() throws IOException {
        assertEquals(!TestIos.pollsItself(name), hasThread("amphio-fd-poll"));
        assertEquals("OK", redis.command(io, SOON, "SET", "key", "välue").text());
        assertEquals("välue", redis.command(io, SOON, "GET", "key").text());
        assertTrue(redis.command(io, SOON, "GET", "no such key").isNil());
        assertEquals(7, redis.command(io, SOON, "INCRBY", "count", 7).number());
        assertEquals(
                List.of("välue", "7"),
                redis.command(io, SOON, "MGET", "key", "count").list().stream()
                        .map(RedisReply::text)
                        .toList());
        byte[] bytes = {0, 13, 10, -1, 0};
        redis.command(io, SOON, "SET", bytes, bytes).orThrow();
        assertArrayEquals(bytes, ((RedisReply.Bulk) redis.command(io, SOON, "GET", bytes)).bytes());
        RedisReply wrong = redis.command(io, SOON, "LPUSH", "key", "x");
        assertTrue(assertInstanceOf(RedisReply.Failed.class, wrong).message().startsWith("WRONGTYPE"));
        assertThrows(RedisException.class, wrong::orThrow);
        RedisReply nested = redis.command(io, SOON, "EVAL", "return {1, {2, {'three', false}}, {}}", 0);
        assertEquals(
                "three", nested.list().get(1).list().get(1).list().getFirst().text());
        assertTrue(nested.list().get(1).list().get(1).list().get(1).isNil());
        assertEquals(List.of(), nested.list().get(2).list());
    }

    @Test
    void a_large_value_goes_both_ways() throws IOException {
        byte[] large = new byte[3_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 + i / 251);
        }
        redis.command(io, SOON, "SET", "large", large).orThrow();
        assertArrayEquals(large, ((RedisReply.Bulk) redis.command(io, SOON, "GET", "large")).bytes());
    }

    @Test
    void many_tasks_share_the_connection_and_each_gets_its_own_answer() throws IOException {
        List<Future<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            tasks.add(io.concurrent(() -> {
                        for (int j = 0; j < 40; j++) {
                            String text = number + "-" + j;
                            assertEquals(
                                    text, redis.command(io, SOON, "ECHO", text).text());
                        }
                    })
                    .get());
        }
        tasks.forEach(each -> each.await(io));
    }

    @Test
    void a_pipeline_is_not_mixed_with_others() throws IOException {
        List<Future<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tasks.add(io.concurrent(() -> {
                        for (int j = 0; j < 20; j++) {
                            List<RedisReply> replies = redis.pipeline(
                                    io,
                                    SOON,
                                    List.of(
                                            List.of("MULTI"),
                                            List.of("INCR", "n"),
                                            List.of("DECR", "n"),
                                            List.of("EXEC")));
                            assertEquals("QUEUED", replies.get(1).text());
                            List<RedisReply> done = replies.get(3).list();
                            assertEquals(done.get(0).number() - 1, done.get(1).number());
                        }
                    })
                    .get());
        }
        tasks.forEach(each -> each.await(io));
        assertEquals(List.of(), redis.pipeline(io, SOON, List.of()));
        assertEquals("0", redis.command(io, SOON, "GET", "n").text());
    }

    @Test
    void a_canceled_command_leaves_the_connection_in_step() throws IOException {
        assertThrows(
                TimedOutException.class,
                () -> redis.command(io, Timeout.afterMillis(30), "BLPOP", "empty", 1)); // seconds
        Future<RedisReply> canceled =
                io.concurrent(() -> redis.command(io, "BLPOP", "empty", 1)).get();
        assertInstanceOf(TaskCanceledException.class, canceled.cancel(io).getCause());
        assertEquals("hello", redis.command(io, SOON, "ECHO", "hello").text()); // behind both
    }

    @Test
    void what_would_break_the_order_of_answers_is_refused() {
        for (String word : List.of("subscribe", "MONITOR", "Hello", "RESET")) {
            assertThrows(IllegalArgumentException.class, () -> redis.command(io, SOON, word, "x"));
        }
        assertThrows(IllegalArgumentException.class, () -> redis.command(io, SOON, "CLIENT", "REPLY", "OFF"));
        assertThrows(IllegalArgumentException.class, () -> redis.command(io, SOON));
        assertThrows(IllegalArgumentException.class, () -> redis.command(io, SOON, "ECHO", 1.5));
    }

    @Test
    void it_connects_by_a_unix_socket_and_by_name_and_to_a_database() throws IOException {
        try (RedisClient other =
                RedisClient.connect(io, RedisOptions.of(server.socket()).withDatabase(3), SOON)) {
            other.command(io, SOON, "SET", "there", "yes").orThrow();
        }
        assertTrue(redis.command(io, SOON, "GET", "there").isNil());
        try (RedisClient other = RedisClient.connect(
                io, RedisOptions.of("localhost", server.port).withDatabase(3), SOON)) {
            assertEquals("yes", other.command(io, SOON, "GET", "there").text());
        }
        assertThrows(
                RedisException.class,
                () -> RedisClient.connect(io, server.options().withDatabase(9999), SOON));
    }

    @Test
    void users_log_in_and_may_do_what_their_list_says() throws IOException {
        redis.command(io, SOON, "ACL", "SETUSER", "ann", "on", ">secret", "~a*", "+get", "+auth")
                .orThrow();
        try (RedisClient ann = RedisClient.connect(io, server.options().withUser("ann", "secret"), SOON)) {
            assertTrue(ann.command(io, SOON, "GET", "apple").isNil());
            assertTrue(assertInstanceOf(RedisReply.Failed.class, ann.command(io, SOON, "SET", "apple", "1"))
                    .message()
                    .startsWith("NOPERM"));
            assertInstanceOf(RedisReply.Failed.class, ann.auth(io, SOON, "ann", "wrong"));
        }
        RedisException refused = assertThrows(
                RedisException.class,
                () -> RedisClient.connect(io, server.options().withUser("ann", "wrong"), SOON));
        assertTrue(refused.getMessage().contains("WRONGPASS"), refused.getMessage());
        assertFalse(server.options().withPassword("hidden").toString().contains("hidden"));
    }

    @Test
    void nobody_there_is_an_error_that_says_so() throws Exception {
        int unused = RealServer.freePort();
        IOException refused = assertThrows(
                IOException.class, () -> RedisClient.connect(io, RedisOptions.of("127.0.0.1", unused), SOON));
        assertTrue(refused.getMessage().contains("127.0.0.1:" + unused), refused.getMessage());
        assertTrue(refused.getMessage().contains("refused"), refused.getMessage());
        IOException noSocket = assertThrows(
                IOException.class,
                () -> RedisClient.connect(io, RedisOptions.of(server.directory.resolve("none")), SOON));
        assertTrue(noSocket.getMessage().contains("No such file"), noSocket.getMessage());
    }

    @Test
    void a_connection_to_who_never_answers_ends_at_its_deadline() {
        // TEST-NET-1: nobody is there, and mostly nobody says so
        RedisOptions nowhere = RedisOptions.of("192.0.2.1", 6379);
        Exception thrown =
                assertThrows(Exception.class, () -> RedisClient.connect(io, nowhere, Timeout.afterMillis(50)));
        assertTrue(thrown instanceof TimedOutException || thrown instanceof IOException, thrown::toString);
    }

    @Test
    void a_server_that_stalls_costs_a_deadline_and_goes_on_afterwards() throws Exception {
        server.signal("STOP");
        try {
            assertThrows(TimedOutException.class, () -> redis.command(io, Timeout.afterMillis(50), "PING"));
        } finally {
            server.signal("CONT");
        }
        assertEquals("x", redis.command(io, SOON, "ECHO", "x").text());
    }

    @Test
    void a_killed_server_ends_every_command_at_once_and_another_client_works_when_it_is_back() throws Exception {
        Channel<String> failures = Channel.unbounded();
        List<Future<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tasks.add(io.concurrent(() -> {
                        try {
                            redis.command(io, SOON, "BLPOP", "empty", 0);
                        } catch (IOException lost) {
                            failures.trySend(lost.getMessage());
                        }
                    })
                    .get());
        }
        redis = sentAll(redis);
        server.kill();
        try {
            tasks.forEach(each -> each.await(io));
            for (int i = 0; i < 5; i++) {
                String message = failures.tryReceive().get();
                assertTrue(message.contains("the connection is lost"), message);
                assertTrue(message.contains("connect anew"), message);
            }
            assertThrows(IOException.class, () -> redis.command(io, SOON, "PING"));
        } finally {
            server.restart();
        }
        redis.close();
        redis = RedisClient.connect(io, server.options(), SOON);
        assertEquals("PONG", redis.command(io, SOON, "PING").text());
    }

    /** Waits until Redis has a client that blocks, seen from outside. */
    private RedisClient sentAll(RedisClient same) throws Exception {
        try (RedisClient observer = RedisClient.connect(io, server.options(), SOON)) {
            until("Redis blocks a client", () -> {
                try {
                    return observer.command(io, SOON, "INFO", "clients").text().contains("blocked_clients:1");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
        return same;
    }

    @Test
    void closing_the_client_ends_commands_and_so_does_the_end_of_the_runtime() throws Exception {
        Future<RedisReply> waiting =
                io.concurrent(() -> redis.command(io, "BLPOP", "empty", 0)).get();
        redis = sentAll(redis);
        redis.close();
        TaskException failed = assertThrows(TaskException.class, () -> waiting.await(io));
        assertTrue(
                failed.getCause().getMessage().contains("closed"),
                failed.getCause().getMessage());
        redis = RedisClient.connect(io, server.options(), SOON);
        runtime.close(); // and then the client, by close()
    }

    @Test
    void published_messages_come_in_order_also_to_a_slow_receiver() throws Exception {
        try (RedisSubscription news = RedisClient.subscribe(io, server.options(), SOON, 2, "news", "more");
                RedisSubscription all = RedisClient.subscribePatterns(io, server.options(), SOON, 1000, "n*")) {
            for (int i = 0; i < 300; i++) {
                assertEquals(
                        2,
                        redis.command(io, SOON, "PUBLISH", "news", "message " + i)
                                .number());
            }
            for (int i = 0; i < 300; i++) {
                RedisMessage message = news.messages().receive(io, SOON);
                assertEquals("message " + i, message.text());
                assertEquals("news", message.channel());
                assertEquals("message " + i, all.messages().receive(io, SOON).text());
            }
            redis.command(io, SOON, "PUBLISH", "more", "the last").orThrow();
            assertEquals("the last", news.messages().receive(io, SOON).text());
            redis.command(io, SOON, "CLIENT", "KILL", "TYPE", "pubsub").orThrow();
            assertTrue(news.messages().receiveOption(io, SOON).isEmpty());
            assertNotNull(news.loss());
        }
    }

    @Test
    void a_subscription_that_is_closed_while_a_message_waits_for_room_leaves_nothing() throws Exception {
        RedisSubscription news = RedisClient.subscribe(io, server.options(), SOON, 1, "news");
        for (int i = 0; i < 10; i++) {
            redis.command(io, SOON, "PUBLISH", "news", "" + i).orThrow();
        }
        until("the channel is full", () -> news.messages().size() == 1);
        news.close();
        assertEquals("0", news.messages().receive(io, SOON).text());
        assertTrue(news.messages().isClosed());
        RedisSubscription closedByReceiver = RedisClient.subscribe(io, server.options(), SOON, 1, "news");
        closedByReceiver.messages().close();
        redis.command(io, SOON, "PUBLISH", "news", "for nobody").orThrow();
        until("the subscription ends", () -> closedByReceiver.loss() != null);
        closedByReceiver.close();
    }

    @Test
    void a_subscription_that_is_not_allowed_says_so() throws IOException {
        redis.command(io, SOON, "ACL", "SETUSER", "bob", "on", ">secret", "resetchannels", "+@all")
                .orThrow();
        IOException refused = assertThrows(
                IOException.class,
                () -> RedisClient.subscribe(io, server.options().withUser("bob", "secret"), SOON, 1, "news"));
        assertTrue(refused.getMessage().contains("NOPERM"), refused.getMessage());
    }
}
