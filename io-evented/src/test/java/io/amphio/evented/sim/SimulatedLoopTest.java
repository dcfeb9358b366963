package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.evented.loop.Accept;
import io.amphio.evented.loop.Completion;
import io.amphio.evented.loop.Connect;
import io.amphio.evented.loop.CopyFile;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.FileChange;
import io.amphio.evented.loop.FileInfo;
import io.amphio.evented.loop.FileName;
import io.amphio.evented.loop.FileOptions;
import io.amphio.evented.loop.FileStat;
import io.amphio.evented.loop.LoopDatagramSocket;
import io.amphio.evented.loop.LoopFile;
import io.amphio.evented.loop.LoopListener;
import io.amphio.evented.loop.LoopPipe;
import io.amphio.evented.loop.LoopSocket;
import io.amphio.evented.loop.OpenDirectory;
import io.amphio.evented.loop.OpenFile;
import io.amphio.evented.loop.ReadFile;
import io.amphio.evented.loop.Receive;
import io.amphio.evented.loop.ReceiveFrom;
import io.amphio.evented.loop.Send;
import io.amphio.evented.loop.SendTo;
import io.amphio.evented.loop.WriteFile;
import io.amphio.spi.Task;
import io.amphio.sync.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The operations of a loop that no Io offers yet, on a simulated kernel: datagrams, Unix sockets, pipes and files. */
class SimulatedLoopTest {
    private static final int SEEDS = 20;

    /** A task in a simulated world that works with the loop. */
    private record On(Io io, EventLoop loop) {
        <C extends Completion> C run(Function<Consumer<C>, C> operation) {
            Event ended = new Event();
            C completion = operation.apply(_ -> ended.set());
            loop.submit(completion);
            ended.await(io);
            return completion;
        }

        LoopFile open(String name, FileOptions options) throws IOException {
            return this.<OpenFile>run(done -> new OpenFile(FileName.of(name), options, done))
                    .file();
        }

        void write(LoopFile file, long at, String text) throws IOException {
            this.<WriteFile>run(done -> new WriteFile(file, at, done, bytes(text)))
                    .check();
        }

        String read(LoopFile file, long at) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            this.<ReadFile>run(done -> new ReadFile(file, at, done, buffer)).check();
            return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
    }

    @FunctionalInterface
    private interface Program {
        void run(On on) throws Exception;
    }

    private static void withEachSeed(Program program) {
        for (long seed = 0; seed < SEEDS; seed++) {
            run(seed, FaultPlan.NONE, program);
        }
    }

    private static SimulationRun run(long seed, FaultPlan plan, Program program) {
        return SimulatedIo.run(
                seed, plan, io -> program.run(new On(io, ((SimulatedTask<?>) Task.current()).world.loop())));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String errno(Completion ended) {
        return ended.failure() == null ? "none" : String.valueOf(ended.failure().errno());
    }

    // ---------------------------------------------------------------- datagrams

    private static LoopDatagramSocket bound(On on, int port) throws IOException {
        LoopDatagramSocket socket = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.INET);
        socket.bind(new InetSocketAddress("10.0.0.1", port));
        return socket;
    }

    @Test
    void datagrams_come_whole_with_who_sent_them_and_in_any_order() {
        List<String> orders = new ArrayList<>();
        withEachSeed(on -> {
            try (LoopDatagramSocket one = bound(on, 1);
                    LoopDatagramSocket other = bound(on, 2)) {
                for (int size : new int[] {1, 2, 3}) {
                    on.<SendTo>run(done -> new SendTo(
                                    one, new InetSocketAddress("10.0.0.1", 2), done, ByteBuffer.allocate(size)))
                            .check();
                }
                StringBuilder order = new StringBuilder();
                for (int i = 0; i < 3; i++) {
                    ReceiveFrom received = on.run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(2)));
                    assertEquals(one.localAddress(), received.from());
                    order.append(received.isTruncated() ? 3 : received.bytes());
                }
                orders.add(order.toString());
            }
        });
        assertTrue(orders.stream().distinct().count() > 3, orders::toString);
    }

    @Test
    void a_datagram_can_be_lost_and_one_to_nobody_is_refused_to_who_is_connected() {
        run(1, FaultPlan.of(Fault.loss(1)), on -> {
            try (LoopDatagramSocket one = bound(on, 1);
                    LoopDatagramSocket other = bound(on, 2)) {
                var there = new InetSocketAddress("10.0.0.1", 2);
                on.<SendTo>run(done -> new SendTo(one, there, done, ByteBuffer.allocate(1)))
                        .check();
                on.<SendTo>run(done -> new SendTo(one, there, done, ByteBuffer.allocate(2)))
                        .check();
                assertEquals(
                        2,
                        on.<ReceiveFrom>run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(9)))
                                .bytes());
                var nowhere = new InetSocketAddress("10.0.0.1", 3);
                on.<SendTo>run(done -> new SendTo(one, nowhere, done, ByteBuffer.allocate(1)))
                        .check();
                on.<Connect>run(done -> new Connect(one, nowhere, done)).check();
                on.<SendTo>run(done -> new SendTo(one, null, done, ByteBuffer.allocate(1)))
                        .check();
                assertEquals(
                        "ECONNREFUSED",
                        errno(on.<ReceiveFrom>run(done -> new ReceiveFrom(one, done, ByteBuffer.allocate(1)))));
            }
        });
    }

    @Test
    void bad_datagrams_end_with_their_errno() {
        withEachSeed(on -> {
            try (LoopDatagramSocket socket = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.INET)) {
                var there = new InetSocketAddress("10.0.0.1", 9);
                assertEquals(
                        "EDESTADDRREQ",
                        errno(on.<SendTo>run(done -> new SendTo(socket, null, done, ByteBuffer.allocate(1)))));
                assertEquals(
                        "EMSGSIZE",
                        errno(on.<SendTo>run(done -> new SendTo(socket, there, done, ByteBuffer.allocate(70_000)))));
                assertEquals(
                        "EAFNOSUPPORT",
                        errno(on.<SendTo>run(done ->
                                new SendTo(socket, new InetSocketAddress("::1", 9), done, ByteBuffer.allocate(1)))));
            }
        });
    }

    @Test
    void unix_datagrams_keep_their_order_and_wait_for_room() {
        withEachSeed(on -> {
            try (LoopDatagramSocket one = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.UNIX);
                    LoopDatagramSocket other = LoopDatagramSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
                var there = UnixDomainSocketAddress.of("/tmp/there");
                assertEquals(
                        "ENOENT", errno(on.<SendTo>run(done -> new SendTo(one, there, done, ByteBuffer.allocate(1)))));
                one.bind(UnixDomainSocketAddress.of("/tmp/here"));
                other.bind(there);
                Future<?> sending = on.io.async(() -> {
                    for (int size : new int[] {9_000, 7_000, 5_000}) {
                        on.<SendTo>run(done -> new SendTo(one, there, done, ByteBuffer.allocate(size)))
                                .check();
                    }
                });
                on.io.sleep(Duration.ofSeconds(1));
                assertTrue(!sending.isDone(), "16 KiB are full");
                for (int size : new int[] {9_000, 7_000, 5_000}) {
                    ReceiveFrom received = on.run(done -> new ReceiveFrom(other, done, ByteBuffer.allocate(10_000)));
                    assertEquals(size, received.bytes());
                    assertEquals(UnixDomainSocketAddress.of("/tmp/here"), received.from());
                }
                sending.await(on.io);
            }
        });
    }

    // ---------------------------------------------------------------- Unix streams and pipes

    @Test
    void unix_streams_connect_by_a_name_that_stays_when_its_listener_has_gone() {
        withEachSeed(on -> {
            var address = UnixDomainSocketAddress.of("/tmp/s");
            try (LoopListener listener = LoopListener.open(on.loop, StandardProtocolFamily.UNIX);
                    LoopSocket client = LoopSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
                listener.bind(address, 0);
                on.<Connect>run(done -> new Connect(client, address, done)).check();
                try (LoopSocket server =
                        on.<Accept>run(done -> new Accept(listener, done)).socket()) {
                    on.<Send>run(done -> new Send(client, done, ByteBuffer.allocate(3)))
                            .check();
                    assertEquals(
                            3,
                            on.<Receive>run(done -> new Receive(server, done, ByteBuffer.allocate(9)))
                                    .bytes());
                }
            }
            assertEquals("ECONNREFUSED", connectErrno(on, address));
            assertEquals("ENOENT", connectErrno(on, UnixDomainSocketAddress.of("/tmp/none")));
            on.<FileChange>run(done -> FileChange.unlink(FileName.of("/tmp/s"), done))
                    .check();
            assertEquals("ENOENT", connectErrno(on, address));
        });
    }

    private static String connectErrno(On on, UnixDomainSocketAddress address) throws IOException {
        try (LoopSocket client = LoopSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
            return errno(on.<Connect>run(done -> new Connect(client, address, done)));
        }
    }

    @Test
    void a_pipe_waits_for_its_other_end_and_tells_when_that_is_closed() {
        withEachSeed(on -> {
            try (LoopPipe one = LoopPipe.open(on.loop);
                    LoopPipe other = LoopPipe.open(on.loop)) {
                Future<Long> received = on.io.async(
                        () -> on.<Receive>run(done -> new Receive(one.source(), done, ByteBuffer.allocate(4)))
                                .bytes());
                on.io.sleep(Duration.ofSeconds(1));
                assertTrue(!received.isDone());
                on.<Send>run(done -> new Send(one.sink(), done, ByteBuffer.allocate(2)))
                        .check();
                assertEquals(2, received.await(on.io));
                one.sink().close();
                assertEquals(
                        -1,
                        on.<Receive>run(done -> new Receive(one.source(), done, ByteBuffer.allocate(1)))
                                .bytes());
                other.source().close();
                assertEquals(
                        "EPIPE", errno(on.<Send>run(done -> new Send(other.sink(), done, ByteBuffer.allocate(1)))));
            }
        });
    }

    // ---------------------------------------------------------------- files

    @Test
    void what_is_written_is_read_positional_and_streaming() {
        withEachSeed(on -> {
            try (LoopFile file =
                    on.open("/tmp/a", FileOptions.readingAndWriting().createNew())) {
                on.write(file, 2, "abc");
                assertEquals("\0\0abc", on.read(file, ReadFile.STREAMING));
                assertEquals(
                        -1,
                        on.<ReadFile>run(done -> new ReadFile(file, ReadFile.STREAMING, done, ByteBuffer.allocate(1)))
                                .bytes());
                on.write(file, WriteFile.STREAMING, "de");
                assertEquals("bcde", on.read(file, 3));
                on.<FileChange>run(done -> FileChange.truncate(file, 3, done)).check();
                on.<FileChange>run(done -> FileChange.truncate(file, 5, done)).check();
                assertEquals("a\0\0", on.read(file, 2));
                on.<FileChange>run(done -> FileChange.sync(file, done)).check();
                FileInfo info =
                        on.<FileStat>run(done -> new FileStat(file, done)).info();
                assertEquals(5, info.size());
                assertEquals(FileInfo.Type.REGULAR, info.type());
                assertEquals(
                        2000, info.modified().atZone(java.time.ZoneOffset.UTC).getYear());
            }
            try (LoopFile again = on.open("/tmp/a", FileOptions.reading())) {
                assertEquals("\0\0a\0\0", on.read(again, 0));
                assertEquals("EBADF", errno(on.<WriteFile>run(done -> new WriteFile(again, 0, done, bytes("x")))));
            }
        });
    }

    @Test
    void names_change_and_bad_ones_end_with_their_errno() {
        withEachSeed(on -> {
            on.<FileChange>run(done -> FileChange.makeDirectory(FileName.of("/tmp/d"), 0750, done))
                    .check();
            try (var directory = on.<OpenDirectory>run(done -> new OpenDirectory(FileName.of("/tmp/d"), done))
                    .directory()) {
                on.<OpenFile>run(done -> new OpenFile(
                                directory.name("x"), FileOptions.writing().createNew(), done))
                        .file()
                        .close();
                on.<FileChange>run(done -> FileChange.rename(directory.name("x"), directory.name("y"), true, done))
                        .check();
                on.<FileChange>run(done -> FileChange.link(directory.name("y"), directory.name("z"), done))
                        .check();
                on.<FileChange>run(done -> FileChange.symbolicLink("z", directory.name("s"), done))
                        .check();
                assertEquals(
                        2L,
                        on.<FileStat>run(done -> new FileStat(directory.name("s"), true, done))
                                .info()
                                .links());
                assertEquals(
                        FileInfo.Type.SYMBOLIC_LINK,
                        on.<FileStat>run(done -> new FileStat(directory.name("s"), false, done))
                                .info()
                                .type());
                assertEquals(
                        "EEXIST",
                        errno(on.<FileChange>run(
                                done -> FileChange.link(directory.name("y"), directory.name("z"), done))));
            }
            assertEquals(
                    "ENOTEMPTY",
                    errno(on.<FileChange>run(done -> FileChange.removeDirectory(FileName.of("/tmp/d"), done))));
            assertEquals("EISDIR", errno(on.<FileChange>run(done -> FileChange.unlink(FileName.of("/tmp/d"), done))));
            on.<FileChange>run(done -> FileChange.symbolicLink("/tmp/loop", FileName.of("/tmp/loop"), done))
                    .check();
            assertEquals("ELOOP", openErrno(on, "/tmp/loop", FileOptions.reading()));
            assertEquals("ENOENT", openErrno(on, "/tmp/none", FileOptions.reading()));
            assertEquals("ENOTDIR", openErrno(on, "/tmp/d/y/z", FileOptions.reading()));
            assertEquals("EISDIR", openErrno(on, "/tmp/d", FileOptions.writing()));
            assertEquals(
                    "EEXIST", openErrno(on, "/tmp/d/y", FileOptions.writing().createNew()));
            assertEquals("ENAMETOOLONG", openErrno(on, "/tmp/" + "n".repeat(300), FileOptions.reading()));
        });
    }

    private static String openErrno(On on, String name, FileOptions options) {
        return errno(on.<OpenFile>run(done -> new OpenFile(FileName.of(name), options, done)));
    }

    @Test
    void operations_on_one_file_happen_in_any_order() {
        List<String> contents = new ArrayList<>();
        withEachSeed(on -> {
            try (LoopFile file =
                    on.open("/tmp/a", FileOptions.readingAndWriting().createNew())) {
                List<Future<?>> writes = new ArrayList<>();
                for (String text : List.of("a", "b", "c")) {
                    writes.add(on.io.async(() -> on.write(file, WriteFile.STREAMING, text)));
                }
                writes.forEach(write -> write.await(on.io));
                contents.add(on.read(file, 0));
            }
        });
        assertTrue(contents.stream().distinct().count() > 3, contents::toString);
    }

    @Test
    void a_full_disk_is_ENOSPC_and_transfers_are_as_short_as_planned() {
        FaultPlan plan = FaultPlan.of(Fault.noSpace(2), Fault.partialSend(1, 3), Fault.shortReceive(1, 2));
        run(1, plan, on -> {
            try (LoopFile file =
                    on.open("/tmp/a", FileOptions.readingAndWriting().createNew())) {
                assertEquals(
                        3,
                        on.<WriteFile>run(done -> new WriteFile(file, 0, done, bytes("hello")))
                                .bytes());
                WriteFile full = on.run(done -> new WriteFile(file, 3, done, bytes("lo")));
                assertEquals(
                        "write /tmp/a: no space left on device (ENOSPC)",
                        Objects.requireNonNull(full.failure()).getMessage());
                assertEquals("he", on.read(file, 0));
                assertEquals("hel", on.read(file, 0));
            }
        });
    }

    @Test
    void a_file_goes_through_a_socket_although_the_receiver_is_slow() {
        byte[] content = new byte[50_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        withEachSeed(on -> {
            var address = new InetSocketAddress("10.0.0.1", 80);
            try (LoopFile file =
                            on.open("/tmp/big", FileOptions.readingAndWriting().createNew());
                    LoopListener listener = LoopListener.open(on.loop, StandardProtocolFamily.INET);
                    LoopSocket client = LoopSocket.open(on.loop, StandardProtocolFamily.INET)) {
                on.<WriteFile>run(done -> new WriteFile(file, 0, done, ByteBuffer.wrap(content)))
                        .check();
                listener.bind(address, 0);
                on.<Connect>run(done -> new Connect(client, address, done)).check();
                try (LoopSocket server =
                        on.<Accept>run(done -> new Accept(listener, done)).socket()) {
                    Future<Long> copying = on.io.async(() -> copyAll(on, file, server));
                    ByteBuffer received = ByteBuffer.allocate(content.length);
                    while (received.hasRemaining()) {
                        on.io.sleep(Duration.ofMillis(1));
                        on.<Receive>run(done -> new Receive(client, done, received))
                                .check();
                    }
                    assertArrayEquals(content, received.array());
                    assertEquals(content.length, copying.await(on.io));
                }
            }
        });
    }

    private static long copyAll(On on, LoopFile from, LoopSocket to) throws IOException {
        long offset = 0;
        while (true) {
            long at = offset;
            long count = on.<CopyFile>run(done -> new CopyFile(from, at, 1 << 20, to, done))
                    .bytes();
            if (count < 0) {
                return offset;
            }
            offset += count;
        }
    }

    @Test
    void the_same_seed_has_the_same_files_and_another_one_others() {
        Program program = on -> {
            try (LoopFile file =
                    on.open("/tmp/a", FileOptions.readingAndWriting().createNew())) {
                List<Future<?>> writes = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    writes.add(on.io.async(() -> on.write(file, WriteFile.STREAMING, "x")));
                }
                writes.forEach(write -> write.await(on.io));
            }
        };
        assertEquals(
                run(1, FaultPlan.NONE, program).hash(),
                run(1, FaultPlan.NONE, program).hash());
        assertNotEquals(
                run(1, FaultPlan.NONE, program).hash(),
                run(2, FaultPlan.NONE, program).hash());
    }

    @Test
    void what_belongs_to_the_real_system_is_refused() {
        run(
                1,
                FaultPlan.NONE,
                on -> assertThrows(UnsupportedOperationException.class, () -> LoopFile.standardInput(on.loop)));
    }
}
