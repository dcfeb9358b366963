package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the errno behind an exception of NIO, which keeps only the system's text for it.
 *
 * <p>By type where the type says enough, by text otherwise. That text may be in the user's language: what is not
 * recognised keeps it and gets no errno, rather than a guess.
 */
final class NioErrors {
    private record Rule(Class<? extends Exception> type, String part, String errno, String text) {
        boolean matches(Exception failure, String message) {
            return type.isInstance(failure) && message.contains(part);
        }
    }

    /** The first that matches counts: texts before the bare types that are their last resort. */
    private static final List<Rule> RULES = List.of(
            new Rule(IOException.class, "too many open files in system", "ENFILE", "too many open files in system"),
            new Rule(IOException.class, "too many open files", "EMFILE", "too many open files"),
            new Rule(IOException.class, "connection reset", "ECONNRESET", "connection reset by peer"),
            new Rule(IOException.class, "broken pipe", "EPIPE", "broken pipe"),
            new Rule(IOException.class, "connection aborted", "ECONNABORTED", "connection aborted"),
            new Rule(IOException.class, "resource temporarily unavailable", "EAGAIN", "not ready now"),
            new Rule(IOException.class, "timed out", "ETIMEDOUT", "connection timed out"),
            new Rule(IOException.class, "network is unreachable", "ENETUNREACH", "network is unreachable"),
            new Rule(IOException.class, "no buffer space", "ENOBUFS", "no buffer space available"),
            new Rule(IOException.class, "no space left", "ENOSPC", "no space left on device"),
            new Rule(IOException.class, "quota exceeded", "EDQUOT", "disk quota exceeded"),
            new Rule(IOException.class, "file too large", "EFBIG", "file too large"),
            new Rule(IOException.class, "is a directory", "EISDIR", "is a directory"),
            new Rule(IOException.class, "not a directory", "ENOTDIR", "not a directory"),
            new Rule(IOException.class, "directory not empty", "ENOTEMPTY", "directory not empty"),
            new Rule(IOException.class, "file exists", "EEXIST", "file exists"),
            new Rule(IOException.class, "no such file", "ENOENT", "no such file or directory"),
            new Rule(IOException.class, "symbolic link", "ELOOP", "too many levels of symbolic links"),
            new Rule(IOException.class, "file name too long", "ENAMETOOLONG", "file name too long"),
            new Rule(IOException.class, "cross-device", "EXDEV", "invalid cross-device link"),
            new Rule(IOException.class, "read-only file system", "EROFS", "read-only file system"),
            new Rule(IOException.class, "operation not permitted", "EPERM", "operation not permitted"),
            new Rule(IOException.class, "text file busy", "ETXTBSY", "text file busy"),
            new Rule(IOException.class, "resource busy", "EBUSY", "device or resource busy"),
            new Rule(IOException.class, "invalid argument", "EINVAL", "invalid argument"),
            new Rule(IOException.class, "bad file descriptor", "EBADF", "bad file descriptor"),
            new Rule(IOException.class, "illegal seek", "ESPIPE", "illegal seek"),
            new Rule(IOException.class, "message too long", "EMSGSIZE", "message too long"),
            new Rule(IOException.class, "address family not", "EAFNOSUPPORT", "address family not supported"),
            new Rule(IOException.class, "protocol wrong type", "EPROTOTYPE", "protocol wrong type for socket"),
            new Rule(IOException.class, "input/output error", "EIO", "input/output error"),
            new Rule(IOException.class, "no such device or address", "ENXIO", "no such device or address"),
            new Rule(IOException.class, "permission denied", "EACCES", "permission denied"),
            new Rule(NoSuchFileException.class, "", "ENOENT", "no such file or directory"),
            new Rule(FileAlreadyExistsException.class, "", "EEXIST", "file exists"),
            new Rule(DirectoryNotEmptyException.class, "", "ENOTEMPTY", "directory not empty"),
            new Rule(AccessDeniedException.class, "", "EACCES", "permission denied"),
            new Rule(NotDirectoryException.class, "", "ENOTDIR", "not a directory"),
            new Rule(FileSystemLoopException.class, "", "ELOOP", "too many levels of symbolic links"),
            new Rule(AtomicMoveNotSupportedException.class, "", "EXDEV", "invalid cross-device link"),
            new Rule(PortUnreachableException.class, "", "ECONNREFUSED", "connection refused"),
            new Rule(IOException.class, "address already in use", "EADDRINUSE", "address already in use"),
            new Rule(IOException.class, "cannot assign", "EADDRNOTAVAIL", "cannot assign requested address"),
            new Rule(IOException.class, "can't assign", "EADDRNOTAVAIL", "cannot assign requested address"),
            new Rule(ConnectException.class, "refused", "ECONNREFUSED", "connection refused"),
            new Rule(NoRouteToHostException.class, "", "EHOSTUNREACH", "no route to host"),
            new Rule(BindException.class, "in use", "EADDRINUSE", "address already in use"),
            new Rule(ClosedChannelException.class, "", "EBADF", "it is closed"),
            new Rule(NotYetConnectedException.class, "", "ENOTCONN", "the socket is not connected"),
            new Rule(AlreadyConnectedException.class, "", "EISCONN", "the socket is connected already"),
            new Rule(ConnectionPendingException.class, "", "EALREADY", "the socket is being connected already"),
            new Rule(AlreadyBoundException.class, "", "EINVAL", "the socket has a local address already"),
            new Rule(
                    UnsupportedOperationException.class,
                    "ipv6 not available",
                    "EAFNOSUPPORT",
                    "address family not supported by protocol"),
            new Rule(
                    UnsupportedAddressTypeException.class,
                    "",
                    "EAFNOSUPPORT",
                    "not an address of the socket's family"));

    private NioErrors() {}

    static Failure failure(Exception exception) {
        if (exception instanceof Failure known) {
            return known;
        }
        if (exception instanceof UnresolvedAddressException) {
            return new Failure("the name was not resolved to an address", null, exception);
        }
        @Nullable
        String message = exception instanceof FileSystemException known ? known.getReason() : exception.getMessage();
        String lower = message == null ? "" : message.toLowerCase(Locale.ROOT);
        for (Rule rule : RULES) {
            if (rule.matches(exception, lower)) {
                return new Failure(rule.text, rule.errno, exception);
            }
        }
        return new Failure(message == null ? exception.toString() : message, null, exception);
    }
}
