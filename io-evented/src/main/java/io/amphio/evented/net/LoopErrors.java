package io.amphio.evented.net;

import io.amphio.evented.loop.LoopHandle;
import io.amphio.evented.loop.OperationException;
import io.amphio.spi.NetErrors;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What loops report, as what the JDK's sockets would have thrown, and by the name of what the task attempted. */
final class LoopErrors {
    private static final Set<String> OF_CONNECT = Set.of("ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH");
    private static final Set<String> OF_BIND = Set.of("EADDRINUSE", "EADDRNOTAVAIL", "EACCES");

    private static final Set<String> OF_DATAGRAMS = Set.of("send", "receive");

    private LoopErrors() {}

    /** Returns the exception of {@code operation} on {@code handle}. */
    static IOException of(String operation, @Nullable SocketAddress address, LoopHandle handle, IOException thrown) {
        if (handle.isClosed()) {
            return NetErrors.closed(operation, address);
        }
        String errno = thrown instanceof OperationException told ? told.errno() : null;
        String message = address != null && thrown instanceof OperationException told
                ? operation + " " + NetErrors.text(address) + ": " + told.reason()
                : String.valueOf(thrown.getMessage());
        IOException same;
        if (errno != null && operation.equals("connect") && OF_CONNECT.contains(errno)) {
            same = new ConnectException(message);
        } else if (errno != null && operation.equals("bind") && OF_BIND.contains(errno)) {
            same = new BindException(message);
        } else if (errno != null && OF_DATAGRAMS.contains(operation) && errno.equals("ECONNREFUSED")) {
            same = address instanceof InetSocketAddress
                    ? new PortUnreachableException(message)
                    : new ConnectException(message);
        } else {
            same = new SocketException(message);
        }
        same.initCause(thrown);
        return same;
    }
}
