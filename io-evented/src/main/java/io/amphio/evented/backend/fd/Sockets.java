package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.SocketPair;
import io.amphio.evented.backend.SocketType;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.LinuxLibC;
import io.amphio.evented.ffi.SocketAbi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets the way the JDK does.
 *
 * <p>Like the JDK's, a socket for IPv6, and one for no particular family, takes IPv4 addresses too, mapped into IPv6. With
 * {@code java.net.preferIPv4Stack}, or without IPv6 on the machine, there are IPv4 sockets only.
 */
final class Sockets {
    static final SocketAbi ABI = SocketAbi.of(Objects.requireNonNull(Abi.current()));
    static final boolean LINUX = Objects.requireNonNull(Abi.current()).isLinux();
    private static final boolean IPV6 = hasIpv6();

    private Sockets() {}

    /** Returns once the constants above are known, which takes a socket of the JDK, and addresses can be made. */
    static void prepare() {
        InetAddress.getLoopbackAddress();
    }

    /** The JDK looks at more than whether the kernel opens such a socket, so it is asked. */
    private static boolean hasIpv6() {
        try {
            SocketChannel.open(StandardProtocolFamily.INET6).close();
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    static FdNet openSocket(@Nullable ProtocolFamily family, SocketType type) throws Failure {
        int domain = domain(family);
        return switch (type) {
            case STREAM -> new FdSocket(open(domain, SocketAbi.SOCK_STREAM), domain, false, null);
            case DATAGRAM -> openDatagram(domain);
        };
    }

    private static FdDatagramSocket openDatagram(int domain) throws Failure {
        Fd fd = open(domain, SocketAbi.SOCK_DGRAM);
        SocketOptions.onlyJoinedGroups(fd.number(), domain);
        return new FdDatagramSocket(fd, domain);
    }

    static FdListener openListener(@Nullable ProtocolFamily family) throws Failure {
        int domain = domain(family);
        FdListener listener = new FdListener(open(domain, SocketAbi.SOCK_STREAM), domain);
        listener.allowReuse();
        return listener;
    }

    static SocketPair openPair() throws Failure {
        int type = SocketAbi.SOCK_STREAM | ABI.sockCloexec | ABI.sockNonblock;
        Scratch scratch = Scratch.take();
        try {
            FdErrors.check(LibC.socketpair(SocketAbi.AF_UNIX, type, 0, scratch.addressOf(Scratch.VALUE)));
            Fd first = new Fd(scratch.memory.get(JAVA_INT, Scratch.VALUE));
            Fd second = new Fd(scratch.memory.get(JAVA_INT, Scratch.VALUE + 4));
            if (ABI.sockNonblock == 0) {
                for (Fd fd : new Fd[] {first, second}) {
                    FdErrors.check(LibC.setCloseOnExec(fd.number()));
                    FdErrors.check(LibC.setNonBlocking(fd.number()));
                }
            }
            return new SocketPair(
                    new FdSocket(first, SocketAbi.AF_UNIX, true, null),
                    new FdSocket(second, SocketAbi.AF_UNIX, true, null));
        } finally {
            scratch.give();
        }
    }

    private static int domain(@Nullable ProtocolFamily family) throws Failure {
        if (family == null) {
            return IPV6 ? ABI.afInet6 : SocketAbi.AF_INET;
        }
        if (family == StandardProtocolFamily.INET) {
            return SocketAbi.AF_INET;
        }
        if (family == StandardProtocolFamily.INET6 && IPV6) {
            return ABI.afInet6;
        }
        if (family == StandardProtocolFamily.UNIX) {
            return SocketAbi.AF_UNIX;
        }
        throw new Failure("protocol family not supported: " + family.name(), "EAFNOSUPPORT", null);
    }

    private static Fd open(int domain, int type) throws Failure {
        Fd fd = new Fd(FdErrors.check(LibC.socket(domain, type | ABI.sockCloexec | ABI.sockNonblock, 0)));
        try {
            if (ABI.sockNonblock == 0) {
                FdErrors.check(LibC.setCloseOnExec(fd.number()));
                FdErrors.check(LibC.setNonBlocking(fd.number()));
            }
            if (domain == ABI.afInet6) {
                SocketOptions.setInt(fd.number(), SocketAbi.IPPROTO_IPV6, ABI.ipv6V6only, 0);
            }
            return fd;
        } catch (Failure e) {
            fd.close();
            throw e;
        }
    }

    /** Takes a connection, not waiting and kept from started programs; returns its number, or the negative errno. */
    static int accept(int listener, Scratch scratch) {
        scratch.memory.set(JAVA_INT, Scratch.LENGTH, SocketAbi.ADDRESS_SIZE);
        long address = scratch.addressOf(Scratch.ADDRESS);
        long length = scratch.addressOf(Scratch.LENGTH);
        if (LINUX) {
            return LinuxLibC.accept4(listener, address, length, LinuxLibC.CLOEXEC | LinuxLibC.NONBLOCK);
        }
        int fd = LibC.accept(listener, address, length);
        if (fd >= 0) {
            int result = LibC.setCloseOnExec(fd);
            result = result < 0 ? result : LibC.setNonBlocking(fd);
            if (result < 0) {
                LibC.close(fd);
                return result;
            }
        }
        return fd;
    }

    static @Nullable SocketAddress localAddress(int fd) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.LENGTH, SocketAbi.ADDRESS_SIZE);
            FdErrors.check(LibC.getsockname(fd, scratch.addressOf(Scratch.ADDRESS), scratch.addressOf(Scratch.LENGTH)));
            return SocketAddresses.read(scratch.memory, scratch.length());
        } finally {
            scratch.give();
        }
    }

    /** Returns whether the socket has a peer. */
    static boolean hasPeer(int fd) {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.LENGTH, SocketAbi.ADDRESS_SIZE);
            return LibC.getpeername(fd, scratch.addressOf(Scratch.ADDRESS), scratch.addressOf(Scratch.LENGTH)) >= 0;
        } finally {
            scratch.give();
        }
    }
}
