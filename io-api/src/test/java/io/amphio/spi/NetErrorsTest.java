package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetErrorsTest {
    private static InetSocketAddress address(String ip, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(ip), port);
    }

    @Test
    void an_error_says_what_was_attempted_on_what_and_why_it_failed() throws Exception {
        IOException refused =
                NetErrors.of("connect", address("127.0.0.1", 9), new ConnectException("Connection refused"));
        assertInstanceOf(ConnectException.class, refused);
        assertEquals("connect 127.0.0.1:9: connection refused (ECONNREFUSED)", refused.getMessage());
        assertInstanceOf(ConnectException.class, refused.getCause());
        IOException inUse = NetErrors.of("bind", address("::1", 80), new BindException("Address already in use"));
        assertInstanceOf(BindException.class, inUse);
        assertEquals("bind [0:0:0:0:0:0:0:1]:80: address already in use (EADDRINUSE)", inUse.getMessage());
        IOException unknown = NetErrors.of("read", address("127.0.0.1", 9), new IOException("Odd"));
        assertInstanceOf(SocketException.class, unknown);
        assertEquals("read 127.0.0.1:9: Odd", unknown.getMessage());
    }

    @Test
    void a_closed_channel_stays_one_and_says_which() throws Exception {
        IOException closed = NetErrors.of("write", address("127.0.0.1", 9), new ClosedChannelException());
        assertInstanceOf(ClosedChannelException.class, closed);
        assertEquals("write 127.0.0.1:9: closed at this end", closed.getMessage());
        assertSame(closed, NetErrors.of("write", address("127.0.0.1", 9), closed));
    }

    @Test
    void what_says_it_already_is_not_told_twice() throws Exception {
        IOException once = NetErrors.of("read", address("127.0.0.1", 9), new SocketException("Connection reset"));
        assertSame(once, NetErrors.of("read", address("127.0.0.1", 9), once));
        assertEquals("ECONNRESET", NetErrors.errno(once));
    }

    @Test
    void an_accept_goes_on_after_what_is_wrong_with_one_connection_and_waits_for_room() {
        for (String text :
                List.of("Software caused connection abort", "Protocol error", "accept x: gone (EHOSTDOWN)")) {
            assertTrue(NetErrors.isOfTheConnection(new IOException(text)), text);
            assertFalse(NetErrors.isOutOfResources(new IOException(text)), text);
        }
        for (String text : List.of("Too many open files", "No buffer space available", "accept x: full (ENOMEM)")) {
            assertTrue(NetErrors.isOutOfResources(new IOException(text)), text);
            assertFalse(NetErrors.isOfTheConnection(new IOException(text)), text);
        }
        IOException other = new IOException("Invalid argument");
        assertFalse(NetErrors.isOfTheConnection(other) || NetErrors.isOutOfResources(other));
    }

    @Test
    void being_out_of_descriptors_is_told_from_other_errors() {
        assertTrue(NetErrors.isOutOfDescriptors(new IOException("Too many open files")));
        assertEquals("ENFILE", NetErrors.errno(new IOException("Too many open files in system")));
        assertNull(NetErrors.errno(new IOException((String) null)));
    }

    @Test
    void an_unresolved_address_is_refused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> NetErrors.requireResolved("bind", InetSocketAddress.createUnresolved("nowhere", 1)))
                .getMessage();
        assertEquals("bind nowhere:1: the address is unresolved", message);
    }
}
