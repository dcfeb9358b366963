package io.amphio.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.NetErrors;
import io.amphio.testing.ThreadIo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a datagram socket does about errors that real ones have on some systems only. */
class PolledDatagramSocketTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    /** A socket in front of an interface whose queue is full for so many tries; it always says that it is ready. */
    private static final class Full extends PolledDatagramSocket {
        private final String why;
        private int refusals;
        private int polls;

        Full(String why, int refusals) {
            super(ADDRESS);
            this.why = why;
            this.refusals = refusals;
        }

        @Override
        protected boolean sendNow(ByteBuffer source, @Nullable SocketAddress target) throws IOException {
            if (refusals-- > 0) {
                throw new SocketException(why);
            }
            source.position(source.limit());
            return true;
        }

        @Override
        protected void awaitSendable(Io io, Timeout limit) {
            polls++;
        }

        @Override
        protected @Nullable Datagram receiveNow(ByteBuffer target) {
            return null;
        }

        @Override
        protected void awaitReceivable(Io io, Timeout limit) {}

        @Override
        protected void connectNow(Io io, SocketAddress peer) {}

        @Override
        protected Leaving joinNow(InetAddress group, NetworkInterface on, @Nullable InetAddress source) {
            return () -> {};
        }

        @Override
        protected IOException told(String operation, @Nullable SocketAddress address, IOException thrown) {
            return NetErrors.of(operation, address, thrown);
        }

        @Override
        public <T> void setOption(SocketOption<T> option, T value) {}

        @Override
        public <T> T getOption(SocketOption<T> option) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private final ThreadIo io = ThreadIo.platform();

    @AfterEach
    void closeIo() {
        io.close();
    }

    @Test
    void a_send_waits_until_the_interface_takes_it_and_does_not_spin() throws IOException {
        try (Full socket = new Full("No buffer space available", 3)) {
            ByteBuffer bytes = ByteBuffer.allocate(5);
            long started = System.nanoTime();
            socket.send(io, bytes, ADDRESS);
            assertFalse(bytes.hasRemaining());
            assertEquals(0, socket.polls, "the socket is ready, and that says nothing");
            assertTrue(System.nanoTime() - started >= 7_000_000, "three pauses: 1, 2, 4 ms");
        }
    }

    @Test
    void a_try_says_no_and_a_deadline_ends_the_wait() throws IOException {
        try (Full socket = new Full("send 127.0.0.1:9: no buffer space available (ENOBUFS)", Integer.MAX_VALUE)) {
            ByteBuffer bytes = ByteBuffer.allocate(5);
            assertFalse(socket.trySend(bytes, ADDRESS));
            String message = assertThrows(
                            TimedOutException.class, () -> socket.send(io, bytes, ADDRESS, Timeout.afterMillis(5)))
                    .getMessage();
            assertTrue(message.startsWith("send from 127.0.0.1:9: the deadline passed after "), message);
            assertEquals(5, bytes.remaining());
        }
    }

    @Test
    void any_other_error_is_thrown() {
        try (Full socket = new Full("Network is down", 1)) {
            String message = assertThrows(IOException.class, () -> socket.send(io, ByteBuffer.allocate(5), ADDRESS))
                    .getMessage();
            assertEquals("send 127.0.0.1:9: network is down (ENETDOWN)", message);
        }
    }
}
