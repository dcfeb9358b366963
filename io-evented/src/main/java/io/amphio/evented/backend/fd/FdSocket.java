package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream socket, over TCP or Unix: a connection, or what becomes one.
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
public final class FdSocket extends FdNet {
    private enum State {
        OPEN,
        CONNECTING,
        CONNECTED
    }

    private volatile State state; // by the table; who has the output
    private volatile @Nullable SocketAddress remote; // set before the state leaves OPEN
    private volatile @Nullable SocketAddress local; // whoever asked first; the same for all
    private volatile boolean bound; // who binds
    private volatile boolean inputShut; // any thread sets it
    private volatile boolean reset; // set by whom the kernel tells
    private final AtomicInteger takenError = new AtomicInteger(); // a loop's thread sets it, who tells it takes it away

    FdSocket(Fd fd, int domain, boolean connected, @Nullable SocketAddress remote) {
        super(fd, domain);
        this.remote = remote;
        this.state = connected ? State.CONNECTED : State.OPEN;
        if (domain == SocketAbi.AF_UNIX) {
            readiness(true).mayStopShort(); // between messages with other credentials
        }
    }

    @Override
    SocketOptions.Owner optionsOwner() {
        return SocketOptions.Owner.STREAM;
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        if (bound || state != State.OPEN) {
            throw boundAlready();
        }
        bindTo(address);
        bound = true;
    }

    @Override
    public @Nullable SocketAddress localAddress() throws Failure {
        SocketAddress known = local;
        if (known != null && !fd.isClosed()) {
            return known;
        }
        int number = enter();
        try {
            if (!bound && state == State.OPEN) {
                return null;
            }
            SocketAddress told = Sockets.localAddress(number);
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

    @Override
    public boolean connect(SocketAddress address) throws Failure {
        return switch (state) {
            case OPEN -> beginConnect(address);
            case CONNECTING -> finishConnect();
            case CONNECTED -> throw connectedAlready();
        };
    }

    private boolean beginConnect(SocketAddress address) throws Failure {
        int number = enter();
        Scratch scratch = Scratch.take();
        try {
            int length = SocketAddresses.write(address, domain(), scratch.memory);
            remote = address;
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
            int told = SocketOptions.getInt(number, Sockets.ABI.solSocket, Sockets.ABI.soError);
            int error = told != 0 ? told : takenError.getAndSet(0);
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
     * Records that somebody else connects it: a ring, which tells by {@link #connected} how that ended.
     *
     * @param address of the peer
     * @throws Failure if it is connected already
     */
    public void connecting(SocketAddress address) throws Failure {
        if (state == State.CONNECTED) {
            throw connectedAlready();
        }
        remote = address;
    }

    /**
     * Returns whether its input was shut down: then nothing more is received, also of what has come already.
     *
     * @return true from that {@link #shutdown} on
     */
    public boolean isInputShut() {
        return inputShut;
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
            closeUnderOperations();
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
            long asked = Transfers.asked(buffers);
            long count = Transfers.SOCKET.receive(number, buffers);
            note(readiness(true), count, asked, edges);
            return received(withTakenError(count));
        } finally {
            fd.leave();
        }
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        int number = enter();
        try {
            requireConnected();
            int edges = readiness(false).edges();
            long asked = Transfers.asked(buffers);
            long count = Transfers.SOCKET.send(number, buffers);
            note(readiness(false), count, asked, edges);
            return sent(withTakenError(count));
        } finally {
            fd.leave();
        }
    }

    private static void note(Readiness readiness, long count, long asked, int edgesBefore) {
        if (count == -LibC.EAGAIN) {
            readiness.dry(edgesBefore);
        } else if (count > 0) {
            readiness.got(count, asked, edgesBefore);
        }
    }

    @Override
    public boolean isDry(boolean reading) {
        return readiness(reading).isDry();
    }

    @Override
    void errorWasTaken(int errno) {
        takenError.set(errno);
    }

    /** Where nothing was transferred, the error that a poller has taken from the kernel is the reason. */
    private long withTakenError(long count) {
        if (count > 0 || takenError.get() == 0) {
            return count;
        }
        int errno = takenError.getAndSet(0);
        return errno == 0 ? count : -errno;
    }

    private long received(long count) throws Failure {
        if (count < 0 && count != -LibC.EAGAIN && count != Transfers.NO_ROOM) {
            throw failure(count);
        }
        if (count == 0) {
            requireNoReset();
        }
        return Transfers.received(count);
    }

    private long sent(long count) throws Failure {
        if (count < 0 && count != -LibC.EAGAIN) {
            throw failure(count);
        }
        return Transfers.sent(count);
    }

    /**
     * Returns what a transfer failed with, and remembers a reset.
     *
     * @param result a negative errno
     * @return the failure, to be thrown
     */
    public Failure failure(long result) {
        if (result == -LibC.ECONNRESET) {
            reset = true;
        }
        return FdErrors.failure(result);
    }

    /**
     * Refuses to take a reset for the end of the stream. The kernel tells of one once, to whichever direction comes first; the
     * input then just ends.
     *
     * @throws Failure if the other direction was told of a reset
     */
    public void requireNoReset() throws Failure {
        if (reset) {
            throw FdErrors.failure(-LibC.ECONNRESET);
        }
    }

    /**
     * Refuses to transfer before it is connected, in the same words on every backend.
     *
     * @throws Failure if it is not connected
     */
    public void requireConnected() throws Failure {
        if (state != State.CONNECTED) {
            throw FdErrors.notConnected();
        }
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
