package io.amphio.examples.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.net.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses the server as clients would; most commands are sent as lines. */
@ParameterizedClass
@ValueSource(strings = {"blocking", "evented"})
class RedisTest {
    @Parameter
    String io;

    private IoRuntime runtime;
    private Server server;
    private Future<?> serving;
    private Client client;

    @BeforeEach
    void serve() throws IOException {
        runtime = IoRuntime.open(IoOptions.of(io));
        Io on = runtime.io();
        server = on.net().listen(new InetSocketAddress("127.0.0.1", 0));
        serving = on.concurrent(() -> Redis.serve(on, server)).get();
        client = new Client();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        serving.cancel(runtime.io());
        server.close();
        runtime.close();
    }

    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket();

        Client() throws IOException {
            socket.setReceiveBufferSize(16 << 10); // so that one that does not read is noticed soon
            socket.setSoTimeout(8000);
            socket.connect(server.localAddress());
        }

        Client send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        /** Sends a line, or what it is if it ends as a line, and expects an answer, of which | is the end of a line. */
        void ask(String command, String answer) throws IOException {
            send(command.endsWith("\n") ? command : command + "\r\n").expect(answer);
        }

        void expect(String answer) throws IOException {
            String expected = answer.replace("|", "\r\n") + (answer.endsWith("|") ? "" : "\r\n");
            byte[] got = socket.getInputStream().readNBytes(expected.length());
            assertEquals(expected, new String(got, StandardCharsets.ISO_8859_1));
        }

        void expectEnd() throws IOException {
            assertEquals(-1, socket.getInputStream().read());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void strings() throws Exception {
        client.ask("PING", "+PONG");
        client.ask("echo hello", "$5|hello");
        client.ask("GET k", "$-1");
        client.ask("SET k v", "+OK");
        client.ask("GET k", "$1|v");
        client.ask("SET k w NX", "$-1");
        client.ask("SET other w XX", "$-1");
        client.ask("SET k w XX", "+OK");
        client.ask("MSET a 1 b 2", "+OK");
        client.ask("MGET a nothing b", "*3|$1|1|$-1|$1|2");
        client.ask("EXISTS a b nothing a", ":3");
        client.ask("DEL a b nothing", ":2");
        client.ask("INCR n", ":1");
        client.ask("INCRBY n 41", ":42");
        client.ask("DECR n", ":41");
        client.ask("INCRBY n 9223372036854775807", "-ERR increment or decrement would overflow");
        client.ask("INCR k", "-ERR value is not an integer or out of range");
        client.ask("DBSIZE", ":2");
    }

    @Test
    void lists_sets_hashes_and_sorted_sets() throws Exception {
        client.ask("RPUSH l b c", ":2");
        client.ask("LPUSH l a", ":3");
        client.ask("LRANGE l 0 -1", "*3|$1|a|$1|b|$1|c");
        client.ask("LRANGE l -2 9", "*2|$1|b|$1|c");
        client.ask("LRANGE l 2 1", "*0");
        client.ask("LPOP l", "$1|a");
        client.ask("RPOP l 5", "*2|$1|c|$1|b");
        client.ask("LPOP l", "$-1");
        client.ask("LPOP l 2", "*-1");
        client.ask("LLEN l", ":0");
        client.ask("EXISTS l", ":0");
        client.ask("SADD s x x", ":1");
        client.ask("SPOP s", "$1|x");
        client.ask("SPOP s", "$-1");
        client.ask("HSET h f 1 g 2", ":2");
        client.ask("HSET h f 3", ":0");
        client.ask("HGET h f", "$1|3");
        client.ask("ZADD z 2.5 b 1 a", ":2");
        client.ask("ZADD z 0 b nan c", "-ERR value is not a valid float");
        client.ask("ZADD z 0.5 b", ":0");
        client.ask("ZPOPMIN z", "*2|$1|b|$3|0.5");
        client.ask("ZPOPMIN z 9", "*2|$1|a|$1|1");
        client.ask("ZPOPMIN z", "*0");
    }

    @Test
    void what_cannot_be_is_told_and_the_connection_goes_on() throws Exception {
        client.ask("RPUSH l a", ":1");
        client.ask("GET l", "-WRONGTYPE Operation against a key holding the wrong kind of value");
        client.ask("SADD l a", "-WRONGTYPE Operation against a key holding the wrong kind of value");
        client.ask("NONSENSE a", "-ERR unknown command 'NONSENSE'");
        client.ask("GET", "-ERR wrong number of arguments for 'get' command");
        client.ask("MSET a 1 b", "-ERR wrong number of arguments for 'mset' command");
        client.ask("SET k v EX 0", "-ERR invalid expire time in 'set' command");
        client.ask("SET k v EX 1 PX 1", "-ERR syntax error");
        client.ask("HELLO 3", "-NOPROTO this server speaks RESP2 only");
        client.ask("*1\r\n$3\r\na\r\n\r\n", "-ERR unknown command 'a  '");
        client.ask("GET k", "$-1");
    }

    @Test
    void any_bytes_are_kept_as_they_are() throws Exception {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < 70_000; i++) { // more than is allocated at once
            bytes.append((char) (i % 256));
        }
        client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$70000\r\n" + bytes + "\r\n").expect("+OK");
        client.send("GET k\r\n");
        byte[] answer = client.socket.getInputStream().readNBytes(8 + 70_000 + 2);
        assertEquals("$70000\r\n" + bytes + "\r\n", new String(answer, StandardCharsets.ISO_8859_1));
    }

    @Test
    void what_is_pipelined_is_answered_in_order_also_before_the_last_command_is_complete() throws Exception {
        client.send("INCR n\r\n".repeat(20_000) + "INC");
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 20_000; i++) {
            expected.append(':').append(i).append("|");
        }
        client.expect(expected.toString());
        client.ask("R n\r\n", ":20001");
    }

    @Test
    void a_mistake_in_the_protocol_is_told_and_ends_the_connection() throws Exception {
        for (String[] mistake : List.of(
                new String[] {"*1\r\n:1\r\n", "expected '$', got ':'"},
                new String[] {"*x\r\n", "invalid multibulk length"},
                new String[] {"*1048577\r\n", "invalid multibulk length"},
                new String[] {"*1\r\n$-1\r\n", "invalid bulk length"},
                new String[] {"*1\r\n$\r\n", "invalid bulk length"},
                new String[] {"*1\r\n$67108865\r\n", "invalid bulk length"},
                new String[] {"*1\r\n$1\r\nabc", "a bulk string that does not end where it should"},
                new String[] {"x".repeat(70_000), "too big inline request"})) {
            try (Client wrong = new Client()) {
                wrong.send("PING\r\n" + mistake[0]).expect("+PONG|-ERR Protocol error: " + mistake[1]);
                wrong.expectEnd();
            }
        }
    }

    @Test
    void quit_is_answered_and_ends_the_connection() throws Exception {
        client.send("SET k v\r\nQUIT\r\nSET k w\r\n").expect("+OK|+OK");
        client.expectEnd();
        try (Client other = new Client()) {
            other.ask("GET k", "$1|v");
        }
    }

    @Test
    void messages_go_to_all_who_have_subscribed() throws Exception {
        try (Client first = new Client();
                Client second = new Client()) {
            first.ask("SUBSCRIBE a b", "*3|$9|subscribe|$1|a|:1|*3|$9|subscribe|$1|b|:2");
            second.ask("SUBSCRIBE a", "*3|$9|subscribe|$1|a|:1");
            client.ask("PUBLISH a hello", ":2");
            client.ask("PUBLISH b there", ":1");
            first.expect("*3|$7|message|$1|a|$5|hello|*3|$7|message|$1|b|$5|there");
            second.expect("*3|$7|message|$1|a|$5|hello");
            first.ask("PING", "*2|$4|pong|$0|");
            first.expect("");
            first.send("GET k\r\n")
                    .expect("-ERR Can't execute 'get': only SUBSCRIBE / UNSUBSCRIBE / PING / QUIT are allowed in this "
                            + "context");
            second.ask("UNSUBSCRIBE", "*3|$11|unsubscribe|$1|a|:0");
            second.ask("PING", "+PONG");
            client.ask("PUBLISH a again", ":1");
            first.expect("*3|$7|message|$1|a|$5|again");
            first.ask("QUIT", "+OK");
            first.expectEnd();
            client.ask("PUBLISH a again", ":0");
        }
    }

    @Test
    void a_subscriber_that_does_not_read_is_dropped_and_holds_up_nobody() throws Exception {
        String message = "m".repeat(60_000);
        try (Client slow = new Client();
                Client quick = new Client()) {
            slow.ask("SUBSCRIBE c", "*3|$9|subscribe|$1|c|:1");
            quick.ask("SUBSCRIBE c", "*3|$9|subscribe|$1|c|:1");
            String reached = ":2";
            for (int i = 0; reached.equals(":2"); i++) {
                assertTrue(i < 2 * Outbox.LIMIT_MESSAGES, "it was never dropped");
                client.send("PUBLISH c " + message + "\r\n");
                reached = new String(client.socket.getInputStream().readNBytes(4), StandardCharsets.ISO_8859_1).strip();
                quick.expect("*3|$7|message|$1|c|$60000|" + message);
            }
            assertEquals(":1", reached);
            client.ask("PUBLISH c x", ":1");
            assertFalse(endsWithAll(slow.socket), "it got all of it, and was dropped all the same");
        }
    }

    /** Reads until the connection ends; whether the last message of all has come. */
    private static boolean endsWithAll(Socket socket) throws IOException {
        String end = "";
        byte[] some = new byte[100_000];
        try {
            for (int n = socket.getInputStream().read(some);
                    n > 0;
                    n = socket.getInputStream().read(some)) {
                end = new String(some, 0, n, StandardCharsets.ISO_8859_1);
            }
        } catch (SocketException reset) {
            // That is a way to end, too.
        }
        return end.endsWith("$1\r\nx\r\n");
    }

    @Test
    @Timeout(60)
    void redis_benchmark_completes() throws Exception {
        Path benchmark = Path.of("/usr/bin/redis-benchmark");
        assumeTrue(Files.isExecutable(benchmark), "no redis-benchmark on this machine");
        int port = server.localAddress().getPort();
        Process process = new ProcessBuilder(
                        benchmark.toString(), "-q", "-n", "1000", "-c", "20", "-P", "4", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("MSET (10 keys): "), output); // the last one
        assertFalse(output.contains("rror"), output);
    }
}
