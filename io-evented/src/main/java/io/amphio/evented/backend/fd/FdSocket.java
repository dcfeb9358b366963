package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection, or what becomes one.
 *
 * <pre>
 *   state       event            next        and then
 *   ----------  ---------------  ----------  ---------------------------------------------------
 *   OPEN        connect          CONNECTING  or CONNECTED at once, or closed if it is refused
 *   CONNECTING  finishConnect    CONNECTED   or CONNECTING still, or closed if it was refused
 *   CONNECTED   shutdown         CONNECTED   with that direction at its end
 * </pre>
 *
 * <p>What POSIX leaves open is decided as the JDK does: a socket whose connect failed is closed; after the end of the input
 * nothing more is received, also of what has come already.
 */
public final class FdSocket extends FdDescriptor {
    private enum State {
        OPEN,
        CONNECTING,
        CONNECTED
    }

    private final int domain;
    private volatile State state; // by the table; who has the output
    private volatile @Nullable InetSocketAddress remote; // set before the state leaves OPEN
    private volatile @Nullable InetSocketAddress local; // whoever asked first; the same for all
    private volatile boolean bound; // who binds
    private volatile boolean inputShut; // any thread sets it

    FdSocket(Fd fd, int domain, @Nullable InetSocketAddress remote) {
        super(fd);
        this.domain = domain;
        this.remote = remote;
        this.state = remote == null ? State.OPEN : State.CONNECTED;
    }

    /**
     * Returns the number of the address family.
     *
     * @return {@code AF_INET} or {@code AF_INET6}
     */
    public int domain() {
        return domain;
    }

    @Override
    boolean isListener() {
        return false;
    }

    @Override
    boolean isWide() {
        return domain == Sockets.ABI.afInet6;
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        if (bound || state != State.OPEN) {
            throw new Failure("the socket has a local address already", "EINVAL", null);
        }
        bindTo(address, domain);
        bound = true;
    }

    @Override
    public @Nullable SocketAddress localAddress() throws Failure {
        InetSocketAddress known = local;
        if (known != null && !fd.isClosed()) {
            return known;
        }
        int number = enter();
        try {
            if (!bound && state == State.OPEN) {
                return null;
            }
            InetSocketAddress told = Sockets.localAddress(number);
            if (state == State.CONNECTED) { // a bound socket without an address gets one by the connect
                local = told;
            }
            return told;
        } finally {
            fd.leave();
        }
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        if (fd.isClosed()) {
            throw FdErrors.closed();
        }
        return remote;
    }

    // ---- connecting

    /**
     * Begins to connect, or finds out how an attempt that has begun goes on.
     *
     * @param address of the peer
     * @return whether it is connected; if not, it will be ready to send when there is news
     * @throws Failure if it was refused; the socket is closed then
     */
    public boolean connect(SocketAddress address) throws Failure {
        return switch (state) {
            case OPEN -> beginConnect(address);
            case CONNECTING -> finishConnect();
            case CONNECTED -> throw new Failure("the socket is connected already", "EISCONN", null);
        };
    }

    private boolean beginConnect(SocketAddress address) throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            int length = Sockets.writeAddress(address, domain, scratch.memory);
            remote = (InetSocketAddress) address;
            int edges = readiness(false).edges();
            int result = LibC.connect(number, scratch.addressOf(Scratch.ADDRESS), length);
            if (result == -LibC.EINPROGRESS || result == -LibC.EINTR) {
                readiness(false).dry(edges);
                state = State.CONNECTING;
                return false;
            }
            return connected(result);
        } finally {
            scratch.give();
            fd.leave();
        }
    }

    private boolean finishConnect() throws Failure {
        int number = enter();
        try {
            int edges = readiness(false).edges();
            int error = SocketOptions.getInt(number, Sockets.ABI.solSocket, Sockets.ABI.soError);
            if (error == 0 && !Sockets.hasPeer(number)) { // an edge from before the attempt
                readiness(false).dry(edges);
                return false;
            }
            return connected(-error);
        } finally {
            fd.leave();
        }
    }

    /**
     * Records how an attempt to connect ended.
     *
     * @param result 0, or the negative errno
     * @return true
     * @throws Failure if it was refused; the socket is closed then
     */
    public boolean connected(int result) throws Failure {
        if (result < 0) {
            fd.close();
            throw FdErrors.failure(result);
        }
        state = State.CONNECTED;
        return true;
    }

    // ---- transfers

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        int number = enter();
        try {
            requireConnected();
            if (inputShut) {
                return END_OF_STREAM;
            }
            int edges = readiness(true).edges();
            long count = Transfers.receive(number, buffers);
            if (count == -LibC.EAGAIN) {
                readiness(true).dry(edges);
            }
            return received(count);
        } finally {
            fd.leave();
        }
    }

    private static long received(long count) throws Failure {
        if (count > 0) {
            return count;
        }
        if (count == 0) {
            return END_OF_STREAM;
        }
        if (count == Transfers.NO_ROOM) {
            return 0;
        }
        if (count == -LibC.EAGAIN) {
            return WOULD_BLOCK;
        }
        throw FdErrors.failure(count);
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        int number = enter();
        try {
            requireConnected();
            int edges = readiness(false).edges();
            long count = Transfers.send(number, buffers);
            if (count == -LibC.EAGAIN) {
                readiness(false).dry(edges);
                return WOULD_BLOCK;
            }
            if (count < 0) {
                throw FdErrors.failure(count);
            }
            return count;
        } finally {
            fd.leave();
        }
    }

    private void requireConnected() throws Failure {
        if (state != State.CONNECTED) {
            throw FdErrors.notConnected();
        }
    }

    @Override
    public FdSocket tryAccept() {
        throw new AssertionError("accept on a connection");
    }

    @Override
    public void shutdown(boolean input, boolean output) throws Failure {
        int number = enter();
        try {
            requireConnected();
            if (input) {
                inputShut = true; // before the kernel wakes who waits
            }
            int how = input && output ? SocketAbi.SHUT_RDWR : input ? SocketAbi.SHUT_RD : SocketAbi.SHUT_WR;
            FdErrors.check(LibC.shutdown(number, how));
        } finally {
            fd.leave();
        }
    }
}
