package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where connections arrive. */
public final class FdListener extends FdDescriptor {
    /** The system caps it. */
    private static final int DEFAULT_BACKLOG = 4096;

    private final int domain;
    private volatile @Nullable InetSocketAddress local; // set once, by who binds

    FdListener(Fd fd, int domain) {
        super(fd);
        this.domain = domain;
    }

    /**
     * Returns the number of the address family, that of the connections too.
     *
     * @return {@code AF_INET} or {@code AF_INET6}
     */
    public int domain() {
        return domain;
    }

    @Override
    boolean isListener() {
        return true;
    }

    @Override
    boolean isWide() {
        return domain == Sockets.ABI.afInet6;
    }

    /** As the JDK does for listeners on Unix: an address whose old connections linger may be bound. */
    void allowReuse() throws Failure {
        try {
            SocketOptions.setInt(fd.number(), Sockets.ABI.solSocket, Sockets.ABI.soReuseaddr, 1);
        } catch (Failure e) {
            fd.close();
            throw e;
        }
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        if (local != null) {
            throw new Failure("the socket has a local address already", "EINVAL", null);
        }
        bindTo(address, domain);
        int number = enter();
        try {
            FdErrors.check(LibC.listen(number, backlog > 0 ? backlog : DEFAULT_BACKLOG));
            local = Sockets.localAddress(number);
        } finally {
            fd.leave();
        }
    }

    @Override
    public @Nullable SocketAddress localAddress() throws Failure {
        if (fd.isClosed()) {
            throw FdErrors.closed();
        }
        return local;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public @Nullable FdSocket tryAccept() throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            while (true) {
                int edges = readiness(true).edges();
                int result = Sockets.accept(number, scratch);
                if (result >= 0) {
                    return accepted(result, Sockets.readAddress(scratch.memory));
                }
                if (result == -LibC.EAGAIN) {
                    readiness(true).dry(edges);
                    return null;
                }
                if (result != -LibC.ECONNABORTED) { // that one has gone again, and the next may be there
                    throw FdErrors.failure(result);
                }
            }
        } finally {
            scratch.give();
            fd.leave();
        }
    }

    /**
     * Makes a descriptor of a connection that the kernel has handed over.
     *
     * @param number of the connection
     * @param remote the peer's address
     * @return the connection
     */
    public FdSocket accepted(int number, @Nullable InetSocketAddress remote) {
        return new FdSocket(new Fd(number), domain, remote);
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) {
        throw new AssertionError("receive on a listener");
    }

    @Override
    public long trySend(ByteBuffer[] buffers) {
        throw new AssertionError("send on a listener");
    }

    @Override
    public void shutdown(boolean input, boolean output) {
        throw new AssertionError("shutdown of a listener");
    }
}
