package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where connections arrive. */
public final class FdListener extends FdNet {
    /** The system caps it. */
    private static final int DEFAULT_BACKLOG = 4096;

    private volatile @Nullable SocketAddress local; // set once, by who binds

    FdListener(Fd fd, int domain) {
        super(fd, domain);
    }

    @Override
    SocketOptions.Owner optionsOwner() {
        return SocketOptions.Owner.LISTENER;
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
            throw boundAlready();
        }
        bindTo(address);
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
    public @Nullable FdSocket tryAccept() throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            while (true) {
                int edges = readiness(true).edges();
                int result = Sockets.accept(number, scratch);
                if (result >= 0) {
                    return accepted(result, SocketAddresses.read(scratch.memory, scratch.length()));
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
     * @param remote the peer's address; null for a Unix socket without a name
     * @return the connection
     */
    public FdSocket accepted(int number, @Nullable SocketAddress remote) {
        return new FdSocket(new Fd(number), domain(), true, remote);
    }
}
