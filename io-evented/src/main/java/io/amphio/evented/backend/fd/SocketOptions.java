package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's socket options as the kernel's, with the JDK's rules: which kind of socket has which, the range of values, and
 * that the buffer sizes of Linux, which doubles them, are told as they were set.
 *
 * <p>Options are known by their names, as some are of the module {@code jdk.net}, which may not be there.
 *
 * @param fd the socket
 * @param owner what kind it is
 * @param domain of its addresses
 */
record SocketOptions(int fd, Owner owner, int domain) {
    /** What kind of socket has an option. */
    enum Owner {
        STREAM,
        LISTENER,
        DATAGRAM,
        UNIX
    }

    private static final SocketAbi ABI = Sockets.ABI;
    private static final int LONGEST_LINGER_SECONDS = 65535;
    private static final int LARGEST_BYTE = 255;
    private static final int SMALLEST_RECEIVE_BUFFER = 1024;
    private static final int MREQN_BYTES = 12;
    private static final int MREQN_INDEX = 8;

    private record Place(int level, int number) {}

    private boolean wide() {
        return domain == ABI.afInet6;
    }

    private @Nullable Place place(String name) {
        return switch (name) {
            case "SO_RCVBUF" -> socket(ABI.soRcvbuf);
            case "SO_SNDBUF" -> owner == Owner.LISTENER ? null : socket(ABI.soSndbuf);
            case "SO_REUSEADDR" -> owner == Owner.UNIX ? null : socket(ABI.soReuseaddr);
            case "SO_REUSEPORT" -> owner == Owner.UNIX ? null : socket(ABI.soReuseport);
            case "SO_LINGER" -> owner == Owner.STREAM || owner == Owner.UNIX ? socket(ABI.soLinger) : null;
            case "SO_KEEPALIVE" -> owner == Owner.STREAM ? socket(ABI.soKeepalive) : null;
            case "SO_OOBINLINE" -> owner == Owner.STREAM ? socket(ABI.soOobinline) : null;
            case "SO_BROADCAST" -> owner == Owner.DATAGRAM ? socket(ABI.soBroadcast) : null;
            case "TCP_NODELAY" -> owner == Owner.STREAM ? tcp(SocketAbi.TCP_NODELAY) : null;
            case "TCP_KEEPIDLE" -> tcp(ABI.tcpKeepidle);
            case "TCP_KEEPINTERVAL" -> tcp(ABI.tcpKeepintvl);
            case "TCP_KEEPCOUNT" -> tcp(ABI.tcpKeepcnt);
            case "TCP_QUICKACK" -> ABI.tcpQuickack == 0 ? null : tcp(ABI.tcpQuickack);
            case "IP_TOS" -> owner == Owner.LISTENER ? null : ip(ABI.ipTos, ABI.ipv6Tclass);
            case "IP_TTL" -> ip(ABI.ipTtl, ABI.ipv6UnicastHops);
            case "IPV6_V6ONLY" ->
                wide() && owner != Owner.UNIX ? new Place(SocketAbi.IPPROTO_IPV6, ABI.ipv6V6only) : null;
            case "IP_MULTICAST_IF" -> multicast(ABI.ipMulticastIf, ABI.ipv6MulticastIf);
            case "IP_MULTICAST_TTL" -> multicast(ABI.ipMulticastTtl, ABI.ipv6MulticastHops);
            case "IP_MULTICAST_LOOP" -> multicast(ABI.ipMulticastLoop, ABI.ipv6MulticastLoop);
            default -> null;
        };
    }

    private static Place socket(int number) {
        return new Place(ABI.solSocket, number);
    }

    private @Nullable Place tcp(int number) {
        return owner == Owner.STREAM || owner == Owner.LISTENER ? new Place(SocketAbi.IPPROTO_TCP, number) : null;
    }

    private @Nullable Place ip(int number, int wideNumber) {
        if (owner == Owner.UNIX) {
            return null;
        }
        return wide() ? new Place(SocketAbi.IPPROTO_IPV6, wideNumber) : new Place(SocketAbi.IPPROTO_IP, number);
    }

    private @Nullable Place multicast(int number, int wideNumber) {
        return owner == Owner.DATAGRAM ? ip(number, wideNumber) : null;
    }

    private Place require(SocketOption<?> option) {
        Place place = place(option.name());
        if (place == null) {
            throw new UnsupportedOperationException("'" + option.name() + "' not supported");
        }
        return place;
    }

    // ---- set

    <T> void set(SocketOption<T> option, T value) throws Failure {
        Place place = require(option);
        String name = option.name();
        switch (value) {
            case null -> throw new IllegalArgumentException("set " + name + ": the value is null");
            case Boolean on -> {
                setInt(fd, place.level, place.number, on ? 1 : 0);
                if (name.equals("IP_MULTICAST_LOOP")) {
                    alsoForMapped(ABI.ipMulticastLoop, on ? 1 : 0);
                }
            }
            case Integer number when name.equals("SO_LINGER") -> setLinger(place, number);
            case Integer number -> {
                setInt(fd, place.level, place.number, checked(name, number));
                if (name.equals("IP_MULTICAST_TTL")) {
                    alsoForMapped(ABI.ipMulticastTtl, number);
                } else if (name.equals("IP_TTL")) {
                    alsoForMapped(ABI.ipTtl, number);
                }
            }
            case NetworkInterface multicast -> setInterface(place, multicast.getIndex());
            default -> throw new IllegalArgumentException("set " + name + ": not a value for it: " + value);
        }
    }

    /** What an IPv6 socket sends to IPv4 addresses goes by IPv4's options. */
    private void alsoForMapped(int number, int value) throws Failure {
        if (wide() && Sockets.LINUX) {
            setInt(fd, SocketAbi.IPPROTO_IP, number, value);
        }
    }

    private static int checked(String name, int value) {
        boolean isByte = name.startsWith("IP_");
        boolean isSize = name.equals("SO_SNDBUF") || name.equals("SO_RCVBUF");
        if (((isByte || isSize) && value < 0) || (isByte && value > LARGEST_BYTE)) {
            throw new IllegalArgumentException("set " + name + ": " + value + " is out of range");
        }
        return Sockets.LINUX && name.equals("SO_RCVBUF") ? Math.max(value, SMALLEST_RECEIVE_BUFFER) : value;
    }

    private void setLinger(Place place, int seconds) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.VALUE, seconds < 0 ? 0 : 1);
            scratch.memory.set(JAVA_INT, Scratch.VALUE + 4, Math.clamp(seconds, 0, LONGEST_LINGER_SECONDS));
            write(place, scratch, SocketAbi.LINGER_SIZE);
        } finally {
            scratch.give();
        }
    }

    /** IPv6 takes the index alone, IPv4 a {@code struct ip_mreqn} around it. */
    private void setInterface(Place place, int index) throws Failure {
        if (wide()) {
            setInt(fd, place.level, place.number, index);
        }
        if (!wide() || Sockets.LINUX) {
            Scratch scratch = Scratch.take();
            try {
                scratch.memory.asSlice(Scratch.VALUE, MREQN_BYTES).fill((byte) 0);
                scratch.memory.set(JAVA_INT, Scratch.VALUE + MREQN_INDEX, index);
                write(new Place(SocketAbi.IPPROTO_IP, ABI.ipMulticastIf), scratch, MREQN_BYTES);
            } finally {
                scratch.give();
            }
        }
    }

    private void write(Place place, Scratch scratch, int size) throws Failure {
        FdErrors.check(LibC.setsockopt(fd, place.level, place.number, scratch.addressOf(Scratch.VALUE), size));
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

    /** As the JDK does: a datagram socket hears of the groups that it has joined, not of all that the machine has. */
    static void onlyJoinedGroups(int fd, int domain) throws Failure {
        if (Sockets.LINUX && domain != SocketAbi.AF_UNIX) {
            setInt(fd, SocketAbi.IPPROTO_IP, SocketAbi.LINUX_IP_MULTICAST_ALL, 0);
            if (domain == ABI.afInet6) {
                setInt(fd, SocketAbi.IPPROTO_IPV6, SocketAbi.LINUX_IPV6_MULTICAST_ALL, 0);
            }
        }
    }

    // ---- get

    @SuppressWarnings("unchecked") // by the type of the option
    <T> @Nullable T get(SocketOption<T> option) throws Failure {
        Place place = require(option);
        if (option.name().equals("SO_LINGER")) {
            return (T) (Integer) linger(place);
        }
        if (option.type() == NetworkInterface.class) {
            return (T) multicastInterface(place);
        }
        int value = getInt(fd, place.level, place.number);
        if (option.type() == Boolean.class) {
            return (T) (Boolean) (value != 0);
        }
        boolean doubled = Sockets.LINUX
                && (option.name().equals("SO_SNDBUF") || option.name().equals("SO_RCVBUF"));
        return (T) (Integer) (doubled ? value / 2 : value);
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
        scratch.memory.set(JAVA_INT, Scratch.VALUE, 0); // some write one byte only
        scratch.memory.set(JAVA_INT, Scratch.LENGTH, size);
        FdErrors.check(LibC.getsockopt(
                fd, level, number, scratch.addressOf(Scratch.VALUE), scratch.addressOf(Scratch.LENGTH)));
    }

    private int linger(Place place) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            read(fd, place.level, place.number, scratch, SocketAbi.LINGER_SIZE);
            boolean on = scratch.memory.get(JAVA_INT, Scratch.VALUE) != 0;
            return on ? scratch.memory.get(JAVA_INT, Scratch.VALUE + 4) : -1;
        } finally {
            scratch.give();
        }
    }

    /** IPv6 tells the index, IPv4 the address. */
    private @Nullable NetworkInterface multicastInterface(Place place) throws Failure {
        try {
            if (wide()) {
                int index = getInt(fd, place.level, place.number);
                return index == 0 ? null : NetworkInterface.getByIndex(index);
            }
            byte[] address = new byte[4];
            Scratch scratch = Scratch.take();
            try {
                read(fd, place.level, place.number, scratch, address.length);
                scratch.memory
                        .asSlice(Scratch.VALUE, address.length)
                        .asByteBuffer()
                        .get(address);
            } finally {
                scratch.give();
            }
            InetAddress ip = InetAddress.getByAddress(address);
            return ip.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(ip);
        } catch (SocketException | java.net.UnknownHostException e) {
            throw new Failure("its network interface cannot be told", null, e);
        }
    }
}
