package io.amphio.evented.ffi;

/**
 * The numbers of the sockets interface, and the layouts of its structs. What does not differ between the systems we know is
 * a constant; Linux's numbers are those of its generic headers, which all of our processors share here.
 */
public final class SocketAbi {
    /** {@code AF_UNIX}. */
    public static final int AF_UNIX = 1;
    /** {@code AF_INET}. */
    public static final int AF_INET = 2;
    /** {@code SOCK_STREAM}. */
    public static final int SOCK_STREAM = 1;
    /** {@code SOCK_DGRAM}. */
    public static final int SOCK_DGRAM = 2;
    /** {@code IPPROTO_IP}. */
    public static final int IPPROTO_IP = 0;
    /** {@code IPPROTO_TCP}. */
    public static final int IPPROTO_TCP = 6;
    /** {@code IPPROTO_IPV6}. */
    public static final int IPPROTO_IPV6 = 41;
    /** {@code TCP_NODELAY}. */
    public static final int TCP_NODELAY = 1;
    /** {@code MSG_PEEK}. */
    public static final int MSG_PEEK = 2;
    /** {@code SHUT_RD}. */
    public static final int SHUT_RD = 0;
    /** {@code SHUT_WR}. */
    public static final int SHUT_WR = 1;
    /** {@code SHUT_RDWR}. */
    public static final int SHUT_RDWR = 2;
    /** {@code IP_MULTICAST_ALL} of Linux. */
    public static final int LINUX_IP_MULTICAST_ALL = 49;
    /** {@code IPV6_MULTICAST_ALL} of Linux. */
    public static final int LINUX_IPV6_MULTICAST_ALL = 29;
    /** Where the port stands in both internet addresses: two bytes, the high one first. */
    public static final int SIN_PORT = 2;
    /** Where an IPv4 address has its four bytes. */
    public static final int SIN_ADDR = 4;
    /** The size of an IPv4 address. */
    public static final int SIN_SIZE = 16;
    /** Where an IPv6 address has its sixteen bytes. */
    public static final int SIN6_ADDR = 8;
    /** Where an IPv6 address has its scope, a native int. */
    public static final int SIN6_SCOPE = 24;
    /** The size of an IPv6 address. */
    public static final int SIN6_SIZE = 28;
    /** Where a Unix address has its path. */
    public static final int SUN_PATH = 2;
    /** A size that any address fits into. */
    public static final int ADDRESS_SIZE = 128;
    /** The size of a {@code struct linger}: two ints, on or off and the seconds. */
    public static final int LINGER_SIZE = 8;
    /** The size of a {@code struct iovec}: an address and a length, both longs. */
    public static final int IOVEC_SIZE = 16;

    /** Whether addresses begin with a byte for their length before a byte for the family, as on BSD. */
    public final boolean addressHasLength;
    /** How long a Unix path may be, its final zero included. */
    public final int sunPathSize;
    /** {@code AF_INET6}. */
    public final int afInet6;
    /** {@code SOCK_NONBLOCK}; 0 where a socket cannot be opened so. */
    public final int sockNonblock;
    /** {@code SOCK_CLOEXEC}; 0 where a socket cannot be opened so. */
    public final int sockCloexec;
    /** {@code MSG_NOSIGNAL}; 0 where there is none. The JVM ignores SIGPIPE in any case. */
    public final int msgNosignal;
    /** {@code MSG_TRUNC}. */
    public final int msgTrunc;
    /** {@code SOL_SOCKET}. */
    public final int solSocket;
    /** {@code SO_REUSEADDR}. */
    public final int soReuseaddr;
    /** {@code SO_REUSEPORT}. */
    public final int soReuseport;
    /** {@code SO_TYPE}. */
    public final int soType;
    /** {@code SO_ERROR}. */
    public final int soError;
    /** {@code SO_BROADCAST}. */
    public final int soBroadcast;
    /** {@code SO_SNDBUF}. */
    public final int soSndbuf;
    /** {@code SO_RCVBUF}. */
    public final int soRcvbuf;
    /** {@code SO_KEEPALIVE}. */
    public final int soKeepalive;
    /** {@code SO_OOBINLINE}. */
    public final int soOobinline;
    /** {@code SO_LINGER}, in seconds. */
    public final int soLinger;
    /** {@code IP_TOS}. */
    public final int ipTos;
    /** {@code IP_MULTICAST_IF}. */
    public final int ipMulticastIf;
    /** {@code IP_MULTICAST_TTL}. */
    public final int ipMulticastTtl;
    /** {@code IP_MULTICAST_LOOP}. */
    public final int ipMulticastLoop;
    /** {@code IPV6_V6ONLY}. */
    public final int ipv6V6only;
    /** {@code IPV6_TCLASS}. */
    public final int ipv6Tclass;
    /** {@code IPV6_MULTICAST_IF}. */
    public final int ipv6MulticastIf;
    /** {@code IPV6_MULTICAST_HOPS}. */
    public final int ipv6MulticastHops;
    /** {@code IPV6_MULTICAST_LOOP}. */
    public final int ipv6MulticastLoop;
    /** {@code IP_TTL}. */
    public final int ipTtl;
    /** {@code IPV6_UNICAST_HOPS}. */
    public final int ipv6UnicastHops;
    /** {@code MCAST_JOIN_GROUP}. */
    public final int mcastJoinGroup;
    /** {@code MCAST_LEAVE_GROUP}. */
    public final int mcastLeaveGroup;
    /** {@code MCAST_JOIN_SOURCE_GROUP}. */
    public final int mcastJoinSourceGroup;
    /** {@code MCAST_LEAVE_SOURCE_GROUP}. */
    public final int mcastLeaveSourceGroup;
    /** Where a {@code struct group_req} has its address, behind the index of the interface; macOS packs it. */
    public final int groupReqAddress;
    /** {@code TCP_KEEPIDLE}. */
    public final int tcpKeepidle;
    /** {@code TCP_KEEPINTVL}. */
    public final int tcpKeepintvl;
    /** {@code TCP_KEEPCNT}. */
    public final int tcpKeepcnt;
    /** {@code TCP_QUICKACK}; 0 where there is none. */
    public final int tcpQuickack;
    /** How {@code struct msghdr} is laid out. */
    public final MessageLayout message;

    /**
     * Where a {@code struct msghdr} has its fields. The address comes first and its length, an int, at 8; the vector of
     * buffers stands at 16, the control data at 32.
     *
     * @param countBytes how wide the number of buffers at 24 is, and the length of the control data at 40: 8 or 4
     * @param flags where the flags are
     * @param size how large it is
     */
    public record MessageLayout(int countBytes, int flags, int size) {}

    private SocketAbi(Abi abi) {
        boolean linux = abi.os() == Abi.Os.LINUX;
        boolean mac = abi.os() == Abi.Os.MACOS;
        addressHasLength = !linux;
        sunPathSize = linux ? 108 : 104;
        afInet6 = linux ? 10 : mac ? 30 : 28;
        sockNonblock = linux ? 0x800 : mac ? 0 : 0x20000000;
        sockCloexec = linux ? 0x80000 : mac ? 0 : 0x10000000;
        msgNosignal = linux ? 0x4000 : mac ? 0 : 0x20000;
        msgTrunc = linux ? 0x20 : 0x10;
        solSocket = linux ? 1 : 0xffff;
        soReuseaddr = linux ? 2 : 0x0004;
        soReuseport = linux ? 15 : 0x0200;
        soType = linux ? 3 : 0x1008;
        soError = linux ? 4 : 0x1007;
        soBroadcast = linux ? 6 : 0x0020;
        soSndbuf = linux ? 7 : 0x1001;
        soRcvbuf = linux ? 8 : 0x1002;
        soKeepalive = linux ? 9 : 0x0008;
        soOobinline = linux ? 10 : 0x0100;
        soLinger = linux ? 13 : mac ? 0x1080 : 0x0080; // macOS counts SO_LINGER in ticks, SO_LINGER_SEC in seconds
        ipTos = linux ? 1 : 3;
        ipMulticastIf = linux ? 32 : 9;
        ipMulticastTtl = linux ? 33 : 10;
        ipMulticastLoop = linux ? 34 : 11;
        ipv6V6only = linux ? 26 : 27;
        ipv6Tclass = linux ? 67 : mac ? 36 : 61;
        ipv6MulticastIf = linux ? 17 : 9;
        ipv6MulticastHops = linux ? 18 : 10;
        ipv6MulticastLoop = linux ? 19 : 11;
        ipTtl = linux ? 2 : 4;
        ipv6UnicastHops = linux ? 16 : 4;
        mcastJoinGroup = linux ? 42 : 80;
        mcastLeaveGroup = linux ? 45 : 81;
        mcastJoinSourceGroup = linux ? 46 : 82;
        mcastLeaveSourceGroup = linux ? 47 : 83;
        groupReqAddress = mac ? 4 : 8;
        tcpKeepidle = linux ? 4 : mac ? 0x10 : 256; // macOS calls it TCP_KEEPALIVE
        tcpKeepintvl = linux ? 5 : mac ? 0x101 : 512;
        tcpKeepcnt = linux ? 6 : mac ? 0x102 : 1024;
        tcpQuickack = linux ? 12 : 0;
        message = linux ? new MessageLayout(8, 48, 56) : new MessageLayout(4, 44, 48);
    }

    /**
     * Returns the numbers of a system.
     *
     * @param abi which
     * @return its numbers
     */
    public static SocketAbi of(Abi abi) {
        return new SocketAbi(abi);
    }
}
