package io.amphio.evented.backend.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.Test;

/** What NIO says is traced back to an errno where that is certain, and kept as it is where not. */
class NioErrorsTest {
    private static void assertErrno(String errno, Exception exception) {
        var failure = NioErrors.failure(exception);
        assertEquals(errno, failure.errno());
        assertSame(exception, failure.getCause());
    }

    @Test
    void texts_and_types_give_the_errno() {
        assertErrno("ECONNREFUSED", new ConnectException("Connection refused"));
        assertErrno("ETIMEDOUT", new ConnectException("Connection timed out"));
        assertErrno("ECONNRESET", new SocketException("Connection reset"));
        assertErrno("EPIPE", new IOException("Broken pipe"));
        assertErrno("EMFILE", new IOException("Too many open files"));
        assertErrno("ENFILE", new IOException("Too many open files in system"));
        assertErrno("EADDRINUSE", new BindException("Address already in use"));
        assertErrno("EADDRNOTAVAIL", new BindException("Cannot assign requested address"));
        assertErrno("EACCES", new SocketException("Permission denied"));
        assertErrno("EBADF", new AsynchronousCloseException());
        assertErrno("ENOTCONN", new NotYetConnectedException());
    }

    @Test
    void what_is_not_recognised_keeps_its_text_and_gets_no_errno() {
        var failure = NioErrors.failure(new IOException("Verbindungsaufbau abgelehnt"));
        assertNull(failure.errno());
        assertEquals("Verbindungsaufbau abgelehnt", failure.getMessage());
        assertEquals("java.io.IOException", NioErrors.failure(new IOException()).text());
    }
}
