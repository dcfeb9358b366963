package io.amphio.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.benchmarks.peers.JdkFiles;
import io.amphio.benchmarks.peers.Jox;
import io.amphio.benchmarks.peers.OwnLoop;
import io.amphio.benchmarks.peers.VirtualThreads;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each program once, at a tiny size, so that none rots. Nobody looks at the times; each program checks its own results. */
@Timeout(60)
class SmokeTest {
    @TempDir
    Path folder;

    /** A main method. */
    private interface Main {
        void main(String... args) throws Exception;
    }

    private void run(Main main, String... args) throws Exception {
        String[] all = java.util.Arrays.copyOf(args, args.length + 2);
        all[args.length] = "scale=0.001";
        all[args.length + 1] = "file=" + folder.resolve("blocks");
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.main(all);
        } finally {
            System.setOut(before);
        }
        Map<String, Double> numbers = CaseGroup.numbers(printed.toString(StandardCharsets.UTF_8));
        assertEquals(2, numbers.get("rounds"), () -> "printed: " + printed.toString(StandardCharsets.UTF_8));
        assertTrue(numbers.get("median_ms") > 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue_ping_pong/1",
                "queue_ping_pong/100",
                "worker_pool/fan_in",
                "worker_pool/fan_out",
                "spawn/10000",
                "spawn_group/10000",
                "async/10000",
                "sleep/10000x10",
                "mutex",
                "semaphore",
                "timeouts",
                "timeouts/auto_cancel",
                "select",
                "yield",
                "wake/thread",
                "wake/loops",
                "file_random/1",
                "file_random/32",
                "file_sequential"
            })
    void every_case_runs_on_both(String name) throws Exception {
        run(Cases::main, "case=" + name, "io=evented", "loops=2");
        if (!name.startsWith("worker_pool")) { // a thousand threads are no smoke test
            run(Cases::main, "case=" + name, "io=blocking");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"queue_ping_pong/1", "worker_pool/fan_in", "spawn/10000", "sleep/10000x10", "mutex", "yield"})
    void every_case_of_the_peers_runs(String name) throws Exception {
        run(VirtualThreads::main, "case=" + name);
        run(SmokeTest::kotlin, "case=" + name);
        if (name.contains("_")) {
            run(Jox::main, "case=" + name);
        }
    }

    @Test
    void the_others_run() throws Exception {
        run(OwnLoop::main, "case=queue_ping_pong/2");
        run(Jox::main, "case=select");
        run(SmokeTest::kotlin, "case=select", "loops=2");
        run(SmokeTest::kotlin, "case=timeouts");
        run(VirtualThreads::main, "case=semaphore");
        run(JdkFiles::main, "case=file_random/4", "how=async");
        run(JdkFiles::main, "case=file_random/4", "how=virtual");
        run(JdkFiles::main, "case=file_sequential");
    }

    /** The Kotlin compiler runs after the Java one, so this knows its class by name only; a compiler that skips Kotlin skips this. */
    private static void kotlin(String... args) throws Exception {
        Class<?> cases;
        try {
            cases = Class.forName("io.amphio.benchmarks.peers.KotlinCases");
        } catch (ClassNotFoundException notCompiled) {
            assumeTrue(false, "no Kotlin compiler has run here");
            return;
        }
        cases.getMethod("main", String[].class).invoke(null, (Object) args);
    }

    @ParameterizedTest
    @CsvSource({
        "TcpServer, --io evented",
        "TcpServer, --io blocking",
        "peers.NettyTcp, --transport epoll",
        "peers.NettyTcp, --transport io_uring",
        "peers.JdkTcp, --threads virtual"
    })
    void every_server_has_all_modes(String main, String options) throws Exception {
        assumeTrue(!options.endsWith("epoll") || Epoll.isAvailable());
        assumeTrue(!options.endsWith("io_uring") || IoUring.isAvailable());
        String[] option = options.split(" ", -1);
        for (String mode : main.startsWith("peers") ? List.of("echo") : List.of("echo", "sink", "source", "idle")) {
            var command = Commands.java(main, option[0], option[1], "--mode", mode, "--loops", "1");
            try (Program server = Program.serve(command, Path.of("."))) {
                Load load = mode.equals("idle") || mode.equals("echo")
                        ? new Load("echo", 2, 64, 4)
                        : new Load(mode, 2, 1, 1);
                Load.Result result =
                        load.run(server.port(), server.pid(), Duration.ofMillis(20), Duration.ofMillis(80));
                assertTrue(result.messages() > 0, mode);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"peers.HelidonHttp", "peers.NettyHttp"})
    void the_http_peers_answer(String main) throws Exception {
        try (Program server = Program.serve(Commands.java(main, "--transport", "nio"), Path.of("."));
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            assertEquals("HTTP/1.1 200", new String(begin, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void scale_runs() throws Exception {
        for (String kind : List.of("task", "timer", "waiter")) {
            Scale.main(new String[] {"case=" + kind + "/1000", "scale=0.02", "loops=1"});
        }
    }

    @Test
    void a_report_says_what_is_met_and_what_is_missed() throws Exception {
        Metric metric = Metric.less("ms", "ms", new Metric.Target("slow", 0.5), new Metric.Target("quick", 1));
        Row row = new Row(
                "a case",
                List.of(metric),
                List.of(
                        new Contender("ours", Contender.Kind.OURS, Map::of),
                        new Contender("slow", Contender.Kind.PEER, Map::of),
                        new Contender("quick", Contender.Kind.PEER, Map::of)));
        row.add("ours", Map.of("ms", 3.0));
        row.add("slow", Map.of("ms", 8.0));
        row.add("quick", Map.of("ms", 2.0));
        assertEquals("met, MISSED by 50 %", row.verdict(metric));
        assertEquals(1.5, row.ratio(metric, Metric.Target.BEST).orElseThrow());

        PrintStream before = System.out;
        System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            new Report(folder, Settings.of(true)).group("some", List.of(row));
        } finally {
            System.setOut(before);
        }
        assertTrue(Files.readString(folder.resolve("some.tsv")).contains("a case\tms\tms\tquick\tpeer\t2.0"));
    }
}
