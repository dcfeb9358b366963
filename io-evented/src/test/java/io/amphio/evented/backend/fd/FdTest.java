package io.amphio.evented.backend.fd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A number goes back to the kernel once, and nobody uses it after that; sockets are those of the JDK. */
@EnabledOnOs({OS.LINUX, OS.MAC, OS.FREEBSD})
class FdTest {
    private static Fd open() throws Failure {
        return new Fd(FdErrors.check(LibC.socket(2, 1, 0)));
    }

    private static boolean isOpen(int number) {
        return LibC.checkOpen(number) >= 0;
    }

    @Test
    void closing_closes_at_once_if_nobody_uses_it_and_only_once() throws Exception {
        Fd fd = open();
        assertTrue(fd.enter());
        fd.leave();
        assertEquals(0, fd.close());
        assertFalse(isOpen(fd.number()));
        Fd next = open();
        assertEquals(fd.number(), next.number(), "the lowest number is given out first");
        assertEquals(0, fd.close());
        assertFalse(fd.enter());
        assertTrue(isOpen(next.number()));
        next.close();
    }

    @Test
    void the_last_user_closes_what_was_closed_meanwhile() throws Exception {
        Fd fd = open();
        assertTrue(fd.enter());
        assertTrue(fd.enter());
        fd.close();
        assertTrue(fd.isClosed());
        assertFalse(fd.enter());
        fd.leave();
        assertTrue(isOpen(fd.number()));
        fd.leave();
        assertFalse(isOpen(fd.number()));
    }

    @Test
    void of_many_users_and_closers_none_uses_a_closed_number() throws Exception {
        for (int round = 0; round < 500; round++) {
            Fd fd = open();
            var start = new CountDownLatch(1);
            var broken = new AtomicInteger();
            var threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                boolean closes = i == 0;
                threads[i] = Thread.ofPlatform().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    for (int n = 0; n < 20; n++) {
                        if (fd.enter()) {
                            broken.addAndGet(isOpen(fd.number()) ? 0 : 1);
                            fd.leave();
                        }
                        if (closes && n == 10) {
                            fd.close();
                        }
                    }
                });
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(0, broken.get());
            assertFalse(isOpen(fd.number()));
        }
    }

    @Test
    void a_listener_for_IPv6_takes_IPv4_too_and_tells_it_as_such() throws Exception {
        var listener = Sockets.openListener(StandardProtocolFamily.INET6);
        listener.bind(new InetSocketAddress(InetAddress.getByName("::"), 0), 0);
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        var client =
                (FdSocket) Sockets.openSocket(StandardProtocolFamily.INET, io.amphio.evented.backend.SocketType.STREAM);
        client.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        FdSocket server = null;
        while (server == null) {
            server = listener.tryAccept();
        }
        assertEquals(
                "127.0.0.1",
                ((InetSocketAddress) server.remoteAddress()).getAddress().getHostAddress());
        assertEquals(new InetSocketAddress("127.0.0.1", port), server.localAddress());
        for (var each : new FdDescriptor[] {server, client, listener}) {
            each.close();
        }
        assertEquals("EBADF", assertThrows(Failure.class, client::localAddress).errno());
        assertEquals(
                "EBADF",
                assertThrows(Failure.class, () -> client.setOption(StandardSocketOptions.SO_KEEPALIVE, true))
                        .errno());
    }

    @Test
    void a_buffer_of_a_closed_arena_is_refused_before_anything_is_taken_from_the_kernel() throws Exception {
        var pipe = FdPipeEnd.open();
        ByteBuffer gone;
        try (Arena arena = Arena.ofShared()) {
            gone = arena.allocate(8).asByteBuffer();
            pipe.sink().trySend(new ByteBuffer[] {ByteBuffer.wrap(new byte[5])});
        }
        assertThrows(IllegalStateException.class, () -> pipe.source().tryReceive(new ByteBuffer[] {gone}));
        assertEquals(5, pipe.source().tryReceive(new ByteBuffer[] {ByteBuffer.allocate(8)}));
        pipe.source().close();
        pipe.sink().close();
    }

    @Test
    void a_vector_larger_than_one_call_takes_goes_in_order() throws Exception {
        var pipe = FdPipeEnd.open();
        var all = new ByteBuffer[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = i % 2 == 0 ? ByteBuffer.allocateDirect(3) : ByteBuffer.allocate(3);
            all[i].put(new byte[] {(byte) i, (byte) i, (byte) i}).flip();
        }
        long sent = 0;
        while (sent < 300) {
            sent += pipe.sink().trySend(all);
        }
        var got = new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(150), ByteBuffer.allocate(149)};
        assertEquals(300, pipe.source().tryReceive(got));
        var joined = ByteBuffer.allocate(300);
        for (var each : got) {
            joined.put(each.flip());
        }
        for (int i = 0; i < 300; i++) {
            assertEquals((byte) (i / 3), joined.get(i));
        }
        pipe.source().close();
        pipe.sink().close();
    }
}
