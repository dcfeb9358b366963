package io.amphio.spi;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's sockets throw, told as {@code connect 127.0.0.1:9: connection refused (ECONNREFUSED)}.
 *
 * <p>The JDK has only the system's text, so errno's name is looked up by it; a text that is not known is passed on as it is.
 */
public final class NetErrors {
    private static final Map<String, String> ERRNO_BY_TEXT = Map.ofEntries(
            Map.entry("connection refused", "ECONNREFUSED"),
            Map.entry("connection reset by peer", "ECONNRESET"),
            Map.entry("connection reset", "ECONNRESET"),
            Map.entry("broken pipe", "EPIPE"),
            Map.entry("address already in use", "EADDRINUSE"),
            Map.entry("cannot assign requested address", "EADDRNOTAVAIL"),
            Map.entry("can't assign requested address", "EADDRNOTAVAIL"),
            Map.entry("permission denied", "EACCES"),
            Map.entry("operation not permitted", "EPERM"),
            Map.entry("no route to host", "EHOSTUNREACH"),
            Map.entry("host is down", "EHOSTDOWN"),
            Map.entry("network is unreachable", "ENETUNREACH"),
            Map.entry("network is down", "ENETDOWN"),
            Map.entry("connection timed out", "ETIMEDOUT"),
            Map.entry("operation timed out", "ETIMEDOUT"),
            Map.entry("software caused connection abort", "ECONNABORTED"),
            Map.entry("transport endpoint is not connected", "ENOTCONN"),
            Map.entry("socket is not connected", "ENOTCONN"),
            Map.entry("too many open files", "EMFILE"),
            Map.entry("too many open files in system", "ENFILE"),
            Map.entry("no buffer space available", "ENOBUFS"),
            Map.entry("cannot allocate memory", "ENOMEM"),
            Map.entry("protocol error", "EPROTO"),
            Map.entry("machine is not on the network", "ENONET"),
            Map.entry("protocol not available", "ENOPROTOOPT"),
            Map.entry("invalid argument", "EINVAL"),
            Map.entry("address family not supported by protocol", "EAFNOSUPPORT"),
            Map.entry("protocol family unavailable", "EAFNOSUPPORT"),
            Map.entry("message too long", "EMSGSIZE"),
            Map.entry("destination address required", "EDESTADDRREQ"),
            Map.entry("no such file or directory", "ENOENT"),
            Map.entry("not a directory", "ENOTDIR"),
            Map.entry("no such device", "ENODEV"),
            Map.entry("resource temporarily unavailable", "EAGAIN"));

    // accept reports what had already gone wrong with the new connection; the next one may be fine (accept(2)).
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "ECONNABORTED",
            "ECONNRESET",
            "ENETDOWN",
            "EPROTO",
            "ENOPROTOOPT",
            "EHOSTDOWN",
            "EHOSTUNREACH",
            "ENETUNREACH",
            "ENONET",
            "EPERM");

    private static final Set<String> OUT_OF_RESOURCES = Set.of("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM");

    private static final Pattern TOLD_ERRNO = Pattern.compile(" \\((E[A-Z0-9]+)\\)$");

    private NetErrors() {}

    /**
     * Returns an exception of the same kind as {@code thrown}, with a message that says what was attempted and on what; or
     * {@code thrown} itself, if its message does so already.
     *
     * @param operation what was attempted: "connect", "bind", "read"
     * @param address on what, or null where there is none
     * @param thrown what the JDK threw: the cause
     */
    public static IOException of(String operation, @Nullable SocketAddress address, IOException thrown) {
        if (thrown instanceof ClosedChannelException) {
            return thrown instanceof ClosedHere ? thrown : closed(operation, address, thrown);
        }
        String text = thrown instanceof PortUnreachableException && thrown.getMessage() == null
                ? "connection refused (ECONNREFUSED)" // which is why it was thrown
                : String.valueOf(thrown.getMessage());
        String target = target(operation, address) + ": ";
        if (text.startsWith(target)) {
            return thrown;
        }
        String errno = errno(thrown);
        String message = target + (errno == null ? text : text.toLowerCase(Locale.ROOT) + " (" + errno + ")");
        IOException told = switch (thrown) {
            case ConnectException _ -> new ConnectException(message);
            case BindException _ -> new BindException(message);
            case PortUnreachableException _ -> new PortUnreachableException(message);
            case NoRouteToHostException _ -> new NoRouteToHostException(message);
            default -> new SocketException(message);
        };
        told.initCause(thrown);
        return told;
    }

    private static String target(String operation, @Nullable SocketAddress address) {
        return address == null ? operation : operation + " " + text(address);
    }

    /** Returns errno's name of what {@code thrown} tells, as far as it is known; else null. */
    public static @Nullable String errno(IOException thrown) {
        String text = thrown.getMessage();
        if (text == null) {
            return null;
        }
        Matcher told = TOLD_ERRNO.matcher(text);
        return told.find() ? told.group(1) : ERRNO_BY_TEXT.get(text.toLowerCase(Locale.ROOT));
    }

    /** Returns whether {@code thrown} says that the process or the system has no file descriptor left. */
    public static boolean isOutOfDescriptors(IOException thrown) {
        String errno = errno(thrown);
        return "EMFILE".equals(errno) || "ENFILE".equals(errno);
    }

    /** Returns whether {@code thrown}, by an accept, is about that connection only: the next one may be there already. */
    public static boolean isOfTheConnection(IOException thrown) {
        String errno = errno(thrown);
        return errno != null && OF_THE_CONNECTION.contains(errno);
    }

    /** Returns whether {@code thrown}, by an accept, says that there is no room for a connection, which then waits for some. */
    public static boolean isOutOfResources(IOException thrown) {
        String errno = errno(thrown);
        return errno != null && OUT_OF_RESOURCES.contains(errno);
    }

    /** Returns the exception of an operation on a connection that the peer has reset. */
    public static SocketException reset(String operation, @Nullable SocketAddress address) {
        return new SocketException(target(operation, address) + ": connection reset by peer (ECONNRESET)");
    }

    /** Returns the exception of an operation on what is closed at this end. */
    public static ClosedChannelException closed(String operation, @Nullable SocketAddress address) {
        return closed(operation, address, null);
    }

    private static ClosedChannelException closed(
            String operation, @Nullable SocketAddress address, @Nullable IOException cause) {
        ClosedHere closed = new ClosedHere(target(operation, address));
        if (cause != null) {
            closed.initCause(cause);
        }
        return closed;
    }

    /** Returns {@code address} as {@code 127.0.0.1:80} or {@code [::1]:80}, without a look-up and without a host name. */
    public static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            String text = address.toString();
            return text.isEmpty() ? "a Unix socket without a name" : text;
        }
        InetAddress ip = inet.getAddress();
        if (ip == null) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        String host = ip.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }

    /**
     * Throws if {@code address} has no IP address yet.
     *
     * @throws IllegalArgumentException if {@code address} is unresolved
     */
    public static void requireResolved(String operation, InetSocketAddress address) {
        Objects.requireNonNull(address, () -> operation + ": the address is null");
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(operation + " " + text(address) + ": the address is unresolved");
        }
    }
}
