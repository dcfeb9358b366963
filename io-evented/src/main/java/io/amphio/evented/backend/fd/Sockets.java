package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.LinuxLibC;
import io.amphio.evented.ffi.SocketAbi;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets the way the JDK does, and translates addresses.
 *
 * <p>Like the JDK's, a socket for IPv6, and one for no particular family, takes IPv4 addresses too, mapped into IPv6. With
 * {@code java.net.preferIPv4Stack}, or without IPv6 on the machine, there are IPv4 sockets only.
 */
public final class Sockets {
    static final SocketAbi ABI = SocketAbi.of(Objects.requireNonNull(Abi.current()));
    private static final boolean LINUX = Objects.requireNonNull(Abi.current()).isLinux();
    private static final boolean IPV6 = hasIpv6();
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private Sockets() {}

    /** The JDK looks at more than whether the kernel opens such a socket, so it is asked. */
    private static boolean hasIpv6() {
        try {
            SocketChannel.open(StandardProtocolFamily.INET6).close();
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Opens a TCP socket, not connected.
     *
     * @param family of the addresses to come; null for the system's preference
     * @return its descriptor
     * @throws Failure if the kernel refuses
     */
    public static FdSocket openSocket(@Nullable ProtocolFamily family) throws Failure {
        int domain = domain(family);
        return new FdSocket(open(domain, SocketAbi.SOCK_STREAM), domain, null);
    }

    /**
     * Opens a TCP listener, not bound.
     *
     * @param family of the addresses to come; null for the system's preference
     * @return its descriptor
     * @throws Failure if the kernel refuses
     */
    public static FdListener openListener(@Nullable ProtocolFamily family) throws Failure {
        int domain = domain(family);
        FdListener listener = new FdListener(open(domain, SocketAbi.SOCK_STREAM), domain);
        listener.allowReuse();
        return listener;
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

    // ---- addresses

    /**
     * Writes an address for a socket.
     *
     * @param address to write
     * @param domain of the socket
     * @param to where, at the start
     * @return its length
     * @throws Failure if the socket cannot have such an address
     */
    public static int writeAddress(SocketAddress address, int domain, MemorySegment to) throws Failure {
        if (!(address instanceof InetSocketAddress inet)) {
            throw FdErrors.wrongFamily();
        }
        InetAddress ip = inet.getAddress();
        if (ip == null) {
            throw new Failure("the name was not resolved to an address", null, null);
        }
        boolean wide = domain == ABI.afInet6;
        if (!wide && !(ip instanceof Inet4Address)) {
            throw FdErrors.wrongFamily();
        }
        int size = wide ? SocketAbi.SIN6_SIZE : SocketAbi.SIN_SIZE;
        to.asSlice(0, size).fill((byte) 0);
        writeFamily(to, domain, size);
        to.set(JAVA_BYTE, SocketAbi.SIN_PORT, (byte) (inet.getPort() >> 8));
        to.set(JAVA_BYTE, SocketAbi.SIN_PORT + 1, (byte) inet.getPort());
        byte[] bytes = ip.getAddress();
        if (!wide) {
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, SocketAbi.SIN_ADDR, IPV4_BYTES);
        } else if (ip instanceof Inet6Address six) {
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, SocketAbi.SIN6_ADDR, IPV6_BYTES);
            to.set(JAVA_INT, SocketAbi.SIN6_SCOPE, six.getScopeId());
        } else if (!ip.isAnyLocalAddress()) { // any IPv4 address is any address at all, as the JDK has it
            to.set(JAVA_SHORT, SocketAbi.SIN6_ADDR + 10, (short) -1);
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, SocketAbi.SIN6_ADDR + 12, IPV4_BYTES);
        }
        return size;
    }

    private static void writeFamily(MemorySegment to, int family, int size) {
        if (ABI.addressHasLength) {
            to.set(JAVA_BYTE, 0, (byte) size);
            to.set(JAVA_BYTE, 1, (byte) family);
        } else {
            to.set(JAVA_SHORT, 0, (short) family);
        }
    }

    /**
     * Reads an internet address. One that is mapped into IPv6 is the IPv4 address again.
     *
     * @param from where it is, at the start
     * @return the address, or null if it is of another family
     */
    public static @Nullable InetSocketAddress readAddress(MemorySegment from) {
        int family = ABI.addressHasLength ? from.get(JAVA_BYTE, 1) : from.get(JAVA_SHORT, 0);
        boolean wide = family == ABI.afInet6;
        if (!wide && family != SocketAbi.AF_INET) {
            return null;
        }
        byte[] bytes = new byte[wide ? IPV6_BYTES : IPV4_BYTES];
        MemorySegment.copy(from, JAVA_BYTE, wide ? SocketAbi.SIN6_ADDR : SocketAbi.SIN_ADDR, bytes, 0, bytes.length);
        int port = (from.get(JAVA_BYTE, SocketAbi.SIN_PORT) & 0xff) << 8
                | from.get(JAVA_BYTE, SocketAbi.SIN_PORT + 1) & 0xff;
        try {
            int scope = wide ? from.get(JAVA_INT, SocketAbi.SIN6_SCOPE) : 0;
            InetAddress ip = scope == 0
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, scope);
            return new InetSocketAddress(ip, port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // only for a wrong number of bytes
        }
    }

    @Nullable
    static InetSocketAddress localAddress(int fd) throws Failure {
        Scratch scratch = Scratch.take();
        try {
            scratch.memory.set(JAVA_INT, Scratch.LENGTH, SocketAbi.ADDRESS_SIZE);
            FdErrors.check(LibC.getsockname(
                    fd, scratch.addressOf(Scratch.ADDRESS), scratch.addressOf(Scratch.LENGTH)));
            return readAddress(scratch.memory);
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

    /** Writes a message without address and control data, with the vector that is in the scratch. */
    static void writeMessage(Scratch scratch, int buffers) {
        MemorySegment message = scratch.memory.asSlice(Scratch.MESSAGE, ABI.message.size());
        message.fill((byte) 0);
        message.set(JAVA_LONG, 16, scratch.addressOf(Scratch.VECTOR));
        if (ABI.message.countBytes() == 8) {
            message.set(JAVA_LONG, 24, buffers);
        } else {
            message.set(JAVA_INT, 24, buffers);
        }
    }
}
