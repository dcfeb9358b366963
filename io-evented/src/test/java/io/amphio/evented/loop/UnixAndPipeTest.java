package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unix streams and pipes, on every backend. */
class UnixAndPipeTest {
    private static final String BACKENDS = "io.amphio.evented.loop.OnBackend#all";

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_unix_stream_connects_talks_and_ends(String backend, @TempDir Path folder) throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (var on = new OnBackend(backend);
                var listener = LoopListener.open(on.loop, StandardProtocolFamily.UNIX);
                var client = LoopSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
            assertNull(client.remoteAddress());
            listener.bind(address, 0);
            assertEquals(address, listener.localAddress());
            var accepted = new CompletableFuture<Accept>();
            on.loop.submit(new Accept(listener, accepted::complete));
            on.<Connect>run(done -> new Connect(client, address, done)).check();
            assertEquals(address, client.remoteAddress());
            try (var server = OnBackend.get(accepted).socket()) {
                assertEquals(
                        3, Tcp.send(on.loop, client, ByteBuffer.allocate(3)).bytes());
                assertEquals(
                        3, Tcp.receive(on.loop, server, ByteBuffer.allocate(9)).bytes());
                on.<Shutdown>run(done -> new Shutdown(client, false, true, done))
                        .check();
                assertEquals(
                        -1, Tcp.receive(on.loop, server, ByteBuffer.allocate(9)).bytes());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void nobody_listens(String backend, @TempDir Path folder) throws Exception {
        try (var on = new OnBackend(backend)) {
            assertEquals("ENOENT", connectErrno(on, folder.resolve("none")));
            try (var listener = LoopListener.open(on.loop, StandardProtocolFamily.UNIX)) {
                listener.bind(UnixDomainSocketAddress.of(folder.resolve("s")), 0);
                Tcp.close(on.loop, listener);
            }
            assertEquals("ECONNREFUSED", connectErrno(on, folder.resolve("s")));
        }
    }

    /** The system tells nobody when there is room again, so it is the caller who tries again, with a new socket. */
    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_listener_whose_backlog_is_full_is_EAGAIN(String backend, @TempDir Path folder) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "others refuse");
        try (var on = new OnBackend(backend);
                var listener = LoopListener.open(on.loop, StandardProtocolFamily.UNIX)) {
            var address = UnixDomainSocketAddress.of(folder.resolve("s"));
            listener.bind(address, 1);
            var waiting = new ArrayList<LoopSocket>();
            OperationException failure = null;
            while (failure == null && waiting.size() < 10) {
                var client = LoopSocket.open(on.loop, StandardProtocolFamily.UNIX);
                waiting.add(client);
                failure = on.<Connect>run(done -> new Connect(client, address, done))
                        .failure();
            }
            assertEquals(
                    "connect " + address + ": not ready now (EAGAIN)",
                    Objects.requireNonNull(failure).getMessage());
            Tcp.accept(on.loop, listener).socket().close();
            try (var again = LoopSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
                on.<Connect>run(done -> new Connect(again, address, done)).check();
            }
            waiting.forEach(LoopSocket::close);
        }
    }

    private static String connectErrno(OnBackend on, Path path) throws Exception {
        try (var client = LoopSocket.open(on.loop, StandardProtocolFamily.UNIX)) {
            var connect = on.<Connect>run(done -> new Connect(client, UnixDomainSocketAddress.of(path), done));
            return String.valueOf(Objects.requireNonNull(connect.failure()).errno());
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_pipe_waits_for_its_other_end(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var pipe = LoopPipe.open(on.loop)) {
            var received = new CompletableFuture<Receive>();
            ByteBuffer target = ByteBuffer.allocate(4);
            on.loop.submit(new Receive(pipe.source(), received::complete, target));
            on.inLoop(() -> {});
            assertTrue(!received.isDone());
            on.<Send>run(done -> new Send(pipe.sink(), done, ByteBuffer.wrap(new byte[] {1, 2})))
                    .check();
            assertEquals(2, OnBackend.get(received).bytes());
            assertEquals(LoopSocket.WOULD_BLOCK, pipe.source().tryReceive(target));
            while (pipe.sink().trySend(ByteBuffer.allocate(1 << 16)) != LoopSocket.WOULD_BLOCK) {
                // until it is full
            }
            var writable = new CompletableFuture<Poll>();
            on.loop.submit(new Poll(pipe.sink(), Poll.Readiness.WRITABLE, writable::complete));
            on.inLoop(() -> {});
            assertTrue(!writable.isDone());
            while (pipe.source().tryReceive(ByteBuffer.allocate(1 << 16)) > 0) {
                // until it is empty
            }
            OnBackend.get(writable).check();
            assertThrows(IllegalArgumentException.class, () -> pipe.sink().tryReceive(target));
        }
    }

    @ParameterizedTest
    @MethodSource(BACKENDS)
    void a_closed_end_of_a_pipe_is_seen_by_the_other(String backend) throws Exception {
        try (var on = new OnBackend(backend);
                var one = LoopPipe.open(on.loop);
                var other = LoopPipe.open(on.loop)) {
            Tcp.close(on.loop, one.sink());
            assertEquals(
                    -1,
                    on.<Receive>run(done -> new Receive(one.source(), done, ByteBuffer.allocate(1)))
                            .bytes());
            Tcp.close(on.loop, other.source());
            var send = on.<Send>run(done -> new Send(other.sink(), done, ByteBuffer.allocate(1)));
            assertEquals("EPIPE", Objects.requireNonNull(send.failure()).errno());
        }
    }
}
