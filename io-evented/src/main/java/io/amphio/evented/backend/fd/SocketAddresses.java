package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.FileNames;
import io.amphio.evented.ffi.SocketAbi;
import io.amphio.net.AbstractUnixAddress;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses as the kernel has them, and back. */
public final class SocketAddresses {
    private static final SocketAbi ABI = Sockets.ABI;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private SocketAddresses() {}

    /**
     * Writes an address for a socket.
     *
     * @param address to write
     * @param domain of the socket
     * @param to where, at the start; with {@link SocketAbi#ADDRESS_SIZE} bytes
     * @return its length
     * @throws Failure if the socket cannot have such an address
     */
    public static int write(SocketAddress address, int domain, MemorySegment to) throws Failure {
        if (address instanceof UnixDomainSocketAddress unix && domain == SocketAbi.AF_UNIX) {
            return writeUnix(unix, to);
        }
        if (address instanceof AbstractUnixAddress named && domain == SocketAbi.AF_UNIX) {
            return writeAbstract(named, to);
        }
        if (!(address instanceof InetSocketAddress inet) || domain == SocketAbi.AF_UNIX) {
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
        if (wide) {
            writeWide(ip, to);
        } else {
            MemorySegment.copy(ip.getAddress(), 0, to, JAVA_BYTE, SocketAbi.SIN_ADDR, IPV4_BYTES);
        }
        return size;
    }

    /** IPv4 goes mapped into IPv6; its address for "any" is that of IPv6, as the JDK has it. */
    private static void writeWide(InetAddress ip, MemorySegment to) {
        if (ip instanceof Inet6Address six) {
            MemorySegment.copy(six.getAddress(), 0, to, JAVA_BYTE, SocketAbi.SIN6_ADDR, IPV6_BYTES);
            to.set(JAVA_INT, SocketAbi.SIN6_SCOPE, six.getScopeId());
        } else if (!ip.isAnyLocalAddress()) {
            to.set(JAVA_SHORT, SocketAbi.SIN6_ADDR + 10, (short) -1);
            MemorySegment.copy(ip.getAddress(), 0, to, JAVA_BYTE, SocketAbi.SIN6_ADDR + 12, IPV4_BYTES);
        }
    }

    private static int writeUnix(UnixDomainSocketAddress address, MemorySegment to) throws Failure {
        byte[] path = FileNames.encode(address.getPath().toString());
        if (path == null || path.length > ABI.sunPathSize) { // with its final zero
            throw new Failure("the path is too long for a Unix socket, or no path", "EINVAL", null);
        }
        int size = SocketAbi.SUN_PATH + path.length;
        writeFamily(to, SocketAbi.AF_UNIX, size);
        MemorySegment.copy(path, 0, to, JAVA_BYTE, SocketAbi.SUN_PATH, path.length);
        return size;
    }

    /** A name begins with a zero and ends with the length, not with another one. */
    private static int writeAbstract(AbstractUnixAddress address, MemorySegment to) {
        if (!Sockets.LINUX) {
            throw new UnsupportedOperationException(
                    address + ": only Linux has abstract addresses of Unix sockets; use a path");
        }
        byte[] name = address.name().getBytes(StandardCharsets.UTF_8);
        int size = SocketAbi.SUN_PATH + 1 + name.length;
        writeFamily(to, SocketAbi.AF_UNIX, size);
        to.set(JAVA_BYTE, SocketAbi.SUN_PATH, (byte) 0);
        MemorySegment.copy(name, 0, to, JAVA_BYTE, SocketAbi.SUN_PATH + 1, name.length);
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
     * Reads an address. One that is mapped into IPv6 is the IPv4 address again.
     *
     * @param from where it is, at the start
     * @param length of it, as the kernel told; 0 for none
     * @return the address, or null if it has no name or is of a family that we do not know
     */
    public static @Nullable SocketAddress read(MemorySegment from, int length) {
        if (length < SocketAbi.SUN_PATH) {
            return null;
        }
        int family = ABI.addressHasLength ? from.get(JAVA_BYTE, 1) : from.get(JAVA_SHORT, 0);
        if (family == SocketAbi.AF_INET) {
            return inet(from, SocketAbi.SIN_ADDR, IPV4_BYTES, 0);
        }
        if (family == ABI.afInet6) {
            return inet(from, SocketAbi.SIN6_ADDR, IPV6_BYTES, from.get(JAVA_INT, SocketAbi.SIN6_SCOPE));
        }
        return family == SocketAbi.AF_UNIX ? unix(from, length) : null;
    }

    private static InetSocketAddress inet(MemorySegment from, int at, int size, int scope) {
        byte[] bytes = new byte[size];
        MemorySegment.copy(from, JAVA_BYTE, at, bytes, 0, size);
        int high = from.get(JAVA_BYTE, SocketAbi.SIN_PORT) & 0xff;
        int port = (high << 8) | (from.get(JAVA_BYTE, SocketAbi.SIN_PORT + 1) & 0xff);
        try {
            InetAddress ip =
                    scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
            return new InetSocketAddress(ip, port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // only for a wrong number of bytes
        }
    }

    /** Linux has names that are no paths, which begin with a zero. */
    private static @Nullable SocketAddress unix(MemorySegment from, int length) {
        int end = Math.min(length, SocketAbi.SUN_PATH + ABI.sunPathSize);
        int size = 0;
        while (SocketAbi.SUN_PATH + size < end && from.get(JAVA_BYTE, SocketAbi.SUN_PATH + size) != 0) {
            size++;
        }
        if (size == 0) {
            return Sockets.LINUX && end > SocketAbi.SUN_PATH + 1 ? abstractName(from, end) : null;
        }
        byte[] path = new byte[size];
        MemorySegment.copy(from, JAVA_BYTE, SocketAbi.SUN_PATH, path, 0, size);
        return UnixDomainSocketAddress.of(FileNames.decode(path));
    }

    private static @Nullable AbstractUnixAddress abstractName(MemorySegment from, int end) {
        byte[] name = new byte[end - SocketAbi.SUN_PATH - 1];
        MemorySegment.copy(from, JAVA_BYTE, SocketAbi.SUN_PATH + 1, name, 0, name.length);
        String text = new String(name, StandardCharsets.UTF_8);
        // One that is no text could not be written back: better none than another one.
        return Arrays.equals(name, text.getBytes(StandardCharsets.UTF_8)) ? AbstractUnixAddress.of(text) : null;
    }
}
