package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import java.net.SocketOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's socket options as the kernel's, with the JDK's rules: which kind of socket has which, the range of values, and
 * that the buffer sizes of Linux, which doubles them, are told as they were set.
 */
final class SocketOptions {
    private static final SocketAbi ABI = Sockets.ABI;
    private static final boolean LINUX = Objects.requireNonNull(Abi.current()).isLinux();
    private static final int LONGEST_LINGER_SECONDS = 65535;
    private static final int LARGEST_TOS = 255;
    private static final int SMALLEST_RECEIVE_BUFFER = 1024;

    private record Place(int level, int number) {}

    private SocketOptions() {}

    /** Where an option of TCP is; by name, as some are of the module {@code jdk.net}, which may not be there. */
    private static @Nullable Place ofStream(String name, boolean wide) {
        return switch (name) {
            case "SO_SNDBUF" -> new Place(ABI.solSocket, ABI.soSndbuf);
            case "SO_KEEPALIVE" -> new Place(ABI.solSocket, ABI.soKeepalive);
            case "SO_LINGER" -> new Place(ABI.solSocket, ABI.soLinger);
            case "SO_OOBINLINE" -> new Place(ABI.solSocket, ABI.soOobinline);
            case "IP_TOS" ->
                wide ? new Place(SocketAbi.IPPROTO_IPV6, ABI.ipv6Tclass) : new Place(SocketAbi.IPPROTO_IP, ABI.ipTos);
            case "TCP_NODELAY" -> new Place(SocketAbi.IPPROTO_TCP, SocketAbi.TCP_NODELAY);
            default -> ofListener(name);
        };
    }

    private static @Nullable Place ofListener(String name) {
        return switch (name) {
            case "SO_RCVBUF" -> new Place(ABI.solSocket, ABI.soRcvbuf);
            case "SO_REUSEADDR" -> new Place(ABI.solSocket, ABI.soReuseaddr);
            case "SO_REUSEPORT" -> new Place(ABI.solSocket, ABI.soReuseport);
            case "TCP_KEEPIDLE" -> new Place(SocketAbi.IPPROTO_TCP, ABI.tcpKeepidle);
            case "TCP_KEEPINTERVAL" -> new Place(SocketAbi.IPPROTO_TCP, ABI.tcpKeepintvl);
            case "TCP_KEEPCOUNT" -> new Place(SocketAbi.IPPROTO_TCP, ABI.tcpKeepcnt);
            case "TCP_QUICKACK" -> ABI.tcpQuickack == 0 ? null : new Place(SocketAbi.IPPROTO_TCP, ABI.tcpQuickack);
            default -> null;
        };
    }

    private static Place place(SocketOption<?> option, boolean listener, boolean wide) {
        Place place = listener ? ofListener(option.name()) : ofStream(option.name(), wide);
        if (place == null || (option.type() != Integer.class && option.type() != Boolean.class)) {
            throw new UnsupportedOperationException("'" + option.name() + "' not supported");
        }
        return place;
    }

    static <T> void set(int fd, boolean listener, boolean wide, SocketOption<T> option, T value) throws Failure {
        Place place = place(option, listener, wide);
        if (value == null) {
            throw new IllegalArgumentException("set " + option.name() + ": the value is null");
        }
        if (option.type() == Boolean.class) {
            setInt(fd, place.level, place.number, (Boolean) value ? 1 : 0);
        } else if (option.name().equals("SO_LINGER")) {
            setLinger(fd, place, (Integer) value);
        } else {
            setInt(fd, place.level, place.number, checked(option.name(), (Integer) value));
        }
    }

    private static int checked(String name, int value) {
        int least = name.equals("SO_SNDBUF") || name.equals("SO_RCVBUF") || name.equals("IP_TOS") ? 0 : Integer.MIN_VALUE;
        if (value < least || (name.equals("IP_TOS") && value > LARGEST_TOS)) {
            throw new IllegalArgumentException("set " + name + ": " + value + " is out of range");
        }
        return LINUX && name.equals("SO_RCVBUF") ? Math.max(value, SMALLEST_RECEIVE_BUFFER) : value;
    }

    @SuppressWarnings("unchecked") // by the type of the option
    static <T> T get(int fd, boolean listener, boolean wide, SocketOption<T> option) throws Failure {
        Place place = place(option, listener, wide);
        if (option.name().equals("SO_LINGER")) {
            return (T) (Integer) linger(fd, place);
        }
        int value = getInt(fd, place.level, place.number);
        if (option.type() == Boolean.class) {
            return (T) (Boolean) (value != 0);
        }
        boolean doubled = LINUX && (option.name().equals("SO_SNDBUF") || option.name().equals("SO_RCVBUF"));
        return (T) (Integer) (doubled ? value / 2 : value);
    }

    static void setInt(int fd, int level, int number, int value) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.VALUE, value);
            FdErrors.check(LibC.setsockopt(fd, level, number, scratch.addressOf(Scratch.VALUE), Integer.BYTES));
        } finally {
            scratch.give();
        }
    }

    static int getInt(int fd, int level, int number) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            read(fd, level, number, scratch, Integer.BYTES);
            return scratch.memory.get(JAVA_INT, Scratch.VALUE);
        } finally {
            scratch.give();
        }
    }

    private static void read(int fd, int level, int number, Scratch scratch, int size) throws Failure {
        scratch.memory.set(JAVA_INT, Scratch.LENGTH, size);
        FdErrors.check(LibC.getsockopt(
                fd, level, number, scratch.addressOf(Scratch.VALUE), scratch.addressOf(Scratch.LENGTH)));
    }

    private static void setLinger(int fd, Place place, int seconds) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.VALUE, seconds < 0 ? 0 : 1);
            scratch.memory.set(JAVA_INT, Scratch.VALUE + 4, Math.clamp(seconds, 0, LONGEST_LINGER_SECONDS));
            FdErrors.check(LibC.setsockopt(
                    fd, place.level, place.number, scratch.addressOf(Scratch.VALUE), SocketAbi.LINGER_SIZE));
        } finally {
            scratch.give();
        }
    }

    private static int linger(int fd, Place place) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            read(fd, place.level, place.number, scratch, SocketAbi.LINGER_SIZE);
            boolean on = scratch.memory.get(JAVA_INT, Scratch.VALUE) != 0;
            return on ? scratch.memory.get(JAVA_INT, Scratch.VALUE + 4) : -1;
        } finally {
            scratch.give();
        }
    }
}
