package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import java.net.SocketAddress;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/** A socket of any kind. */
public abstract class FdNet extends FdDescriptor {
    private final int domain;

    FdNet(Fd fd, int domain) {
        super(fd);
        this.domain = domain;
    }

    /**
     * Returns the number of the address family.
     *
     * @return {@code AF_INET}, {@code AF_INET6} or {@code AF_UNIX}
     */
    public final int domain() {
        return domain;
    }

    /** Which options it has. */
    abstract SocketOptions.Owner optionsOwner();

    private SocketOptions options() {
        return new SocketOptions(
                fd.number(), domain == SocketAbi.AF_UNIX ? SocketOptions.Owner.UNIX : optionsOwner(), domain);
    }

    @Override
    public final <T> void setOption(SocketOption<T> option, T value) throws Failure {
        enter();
        try {
            options().set(option, value);
        } finally {
            fd.leave();
        }
    }

    @Override
    public final <T> @Nullable T getOption(SocketOption<T> option) throws Failure {
        enter();
        try {
            return options().get(option);
        } finally {
            fd.leave();
        }
    }

    final void bindTo(SocketAddress address) throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            int length = SocketAddresses.write(address, domain, scratch.memory);
            FdErrors.check(LibC.bind(number, scratch.addressOf(Scratch.ADDRESS), length));
        } finally {
            scratch.give();
            fd.leave();
        }
    }

    /**
     * Begins to connect, or finds out how an attempt that has begun goes on.
     *
     * @param address of the peer
     * @return whether it is connected; if not, it will be ready to send when there is news
     * @throws Failure if it was refused; a stream socket is closed then
     */
    public boolean connect(SocketAddress address) throws Failure {
        throw new AssertionError("connect " + this);
    }

    static Failure boundAlready() {
        return new Failure("the socket has a local address already", "EINVAL", null);
    }

    static Failure connectedAlready() {
        return new Failure("the socket is connected already", "EISCONN", null);
    }
}
