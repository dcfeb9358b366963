package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, or what becomes one.
 *
 * <pre>
 *   state       event                                 next        and then
 *   ----------  ------------------------------------  ----------  --------------------------------------------------
 *   NEW         connect                               CONNECTING  a message goes to whoever listens there
 *   CONNECTING  it arrives, nobody listens            FAILED      ECONNREFUSED, when the answer is back
 *   CONNECTING  it arrives, the backlog is full       CONNECTING  again after 1 s, 2 s, 4 s …; in the end ETIMEDOUT
 *   CONNECTING  it arrives at a listener              CONNECTED   when the answer is back; the other end waits there
 *   CONNECTED   shutdown of the output                CONNECTED   the end of the stream goes to the peer
 *   CONNECTED   close, everything received            CLOSED      the same
 *   CONNECTED   close, something not received, or     CLOSED      a reset goes to the peer
 *               SO_LINGER is 0
 *   any         a reset arrives                       the same    sends fail, and receives once what came is received
 * </pre>
 *
 * <p>What arrives at a closed end is answered by a reset, as a kernel does it: so the first send to a peer that has gone
 * succeeds, and a later one does not.
 */
final class SimSocket extends SimDescriptor {
    private static final long FIRST_RETRY_NANOS = 1_000_000_000;
    private static final int MOST_RETRIES = 6;

    private enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        FAILED
    }

    private final SimPipe input;
    private State state = State.NEW;
    private @Nullable SocketAddress remote;
    private @Nullable SimSocket peer;
    private @Nullable Failure refusal;
    private boolean inputShut;
    private boolean outputShut;
    private boolean aborting;
    private boolean resetTold;

    SimSocket(SimKernel kernel) {
        super(kernel);
        this.input = new SimPipe(kernel);
    }

    // ---------------------------------------------------------------- connecting

    @Override
    void begin(Operation operation) {
        if (operation.kind() == Operation.Kind.CONNECT && state == State.NEW && !isClosed()) {
            state = State.CONNECTING;
            remote = operation.address();
            try {
                if (local() == null && operation.address() instanceof InetSocketAddress inet) {
                    bind(new InetSocketAddress(host(inet), 0), 0);
                }
                knock(0);
            } catch (Failure noPort) {
                fail(noPort);
            }
        }
    }

    private static InetAddress host(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    }

    private void knock(int tries) {
        long nanos = kernel.world().messageNanos();
        if (nanos == SimWorld.BREAKS) {
            kernel.send(kernel.nanoTime(), () -> fail(refused()));
        } else if (nanos == SimWorld.LOST) {
            tryAgain(tries);
        } else {
            kernel.send(kernel.nanoTime() + nanos, () -> arrive(tries));
        }
    }

    private void tryAgain(int tries) {
        long after = kernel.nanoTime() + (FIRST_RETRY_NANOS << tries);
        if (tries == MOST_RETRIES) {
            kernel.send(after, () -> fail(new Failure("connection timed out", "ETIMEDOUT", null)));
        } else {
            kernel.send(after, () -> {
                if (state == State.CONNECTING && !isClosed()) {
                    knock(tries + 1);
                }
            });
        }
    }

    private void arrive(int tries) {
        if (state != State.CONNECTING || isClosed()) {
            return;
        }
        SocketAddress there = Objects.requireNonNull(remote);
        if (!(kernel.at(there, false) instanceof SimListener listener) || !listener.listens()) {
            Failure nobody = kernel.nobodyAt(there);
            kernel.send(answerNanos(), () -> fail(nobody));
        } else if (listener.isFull()) {
            tryAgain(tries);
        } else {
            peer = listener.arrive(this);
            input.message(this::connected, () -> fail(refused()));
        }
    }

    private long answerNanos() {
        return kernel.nanoTime() + Math.max(0, kernel.world().messageNanos());
    }

    private void connected() {
        if (state == State.CONNECTING && !isClosed()) {
            state = State.CONNECTED;
        }
    }

    private void fail(Failure reason) {
        if (state == State.CONNECTING) {
            state = State.FAILED;
            refusal = reason;
            if (peer != null) {
                peer.input.breakIt();
            }
        }
    }

    private static Failure refused() {
        return new Failure("connection refused", "ECONNREFUSED", null);
    }

    /** Returns the other end of {@code client}, which is connected from the start, at the address that it connected to. */
    static SimSocket acceptedFrom(SimSocket client) {
        SimSocket server = new SimSocket(client.kernel);
        server.state = State.CONNECTED;
        server.setLocalAddress(Objects.requireNonNull(client.remote));
        SocketAddress from = client.local();
        server.remote = from != null ? from : UnixDomainSocketAddress.of(""); // who connected has no name
        server.peer = client;
        return server;
    }

    /** Returns a new one that this is connected with; neither has a name. */
    SimSocket pairedWith() {
        UnixDomainSocketAddress nameless = UnixDomainSocketAddress.of("");
        setLocalAddress(nameless);
        remote = nameless;
        state = State.CONNECTED;
        SimSocket other = acceptedFrom(this);
        peer = other;
        return other;
    }

    // ---------------------------------------------------------------- the calls

    @Override
    public @Nullable SocketAddress remoteAddress() throws Failure {
        requireNotClosed();
        return state == State.CONNECTED ? remote : null;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws Failure {
        super.setOption(option, value);
        if (option == StandardSocketOptions.SO_RCVBUF && value instanceof Integer bytes) {
            input.setCapacity(bytes);
        }
    }

    @Override
    public long tryReceive(ByteBuffer[] buffers) throws Failure {
        requireConnected();
        if (remaining(buffers) == 0) {
            return 0;
        }
        if (input.hasArrived() && !inputShut) {
            long count = input.receive(buffers, kernel.world().mostToReceive());
            kernel.changed(); // the peer has space to send
            return count;
        }
        if (inputShut) {
            return END_OF_STREAM;
        }
        tellReset();
        return input.hasEnded() || input.isBroken() ? END_OF_STREAM : WOULD_BLOCK;
    }

    @Override
    public long trySend(ByteBuffer[] buffers) throws Failure {
        SimSocket to = requireConnected();
        tellReset();
        if (outputShut || input.isBroken()) {
            throw new Failure("broken pipe", "EPIPE", null);
        }
        if (remaining(buffers) == 0) {
            return 0;
        }
        long space = to.input.space();
        if (space == 0) {
            return WOULD_BLOCK;
        }
        long most = Math.min(space, kernel.world().mostToSend());
        return to.input.send(buffers, most, this::answerByReset, this::breakBoth);
    }

    private SimSocket requireConnected() throws Failure {
        requireOpen();
        SimSocket other = peer;
        if (state != State.CONNECTED || other == null) {
            throw new Failure("the socket is not connected", "ENOTCONN", null);
        }
        return other;
    }

    /**
     * A reset is told once; from then on there is an end to receive, and nobody to send to. TCP does not tell it where the peer
     * had ended its stream before.
     */
    private void tellReset() throws Failure {
        boolean isTcp = !(remote instanceof UnixDomainSocketAddress);
        if (input.isBroken() && !resetTold && !(isTcp && input.hasEnded())) {
            resetTold = true;
            throw new Failure("connection reset by peer", "ECONNRESET", null);
        }
    }

    @Override
    public void shutdown(boolean shutInput, boolean shutOutput) throws Failure {
        SimSocket other = requireConnected();
        inputShut |= shutInput;
        if (shutOutput && !outputShut) {
            outputShut = true;
            other.input.sendEnd(this::breakBoth);
        }
        kernel.changed();
    }

    // ---------------------------------------------------------------- the end

    @Override
    void closeIt() {
        SimSocket other = peer;
        if (other != null) {
            boolean abort = aborting
                    || state != State.CONNECTED
                    || input.hasArrived()
                    || optionOr(StandardSocketOptions.SO_LINGER, -1) == 0;
            if (abort) {
                other.input.message(other::reset, other::reset);
            } else if (!outputShut && !input.isBroken()) {
                other.input.sendEnd(other::reset);
            }
        }
        input.stopReceiving();
    }

    /** Closes it and resets the connection, whatever was received. */
    void abort() {
        aborting = true;
        close();
    }

    /** A reset has arrived. */
    void reset() {
        input.breakIt();
    }

    /** What we sent has arrived where nobody receives any more: the answer is on its way back. */
    private void answerByReset() {
        kernel.send(answerNanos(), this::reset);
    }

    private void breakBoth() {
        reset();
        if (peer != null) {
            peer.reset();
        }
    }

    // ---------------------------------------------------------------- for the backend

    @Override
    boolean isReady(Operation operation) {
        return switch (operation.kind()) {
            case CONNECT -> state != State.CONNECTING;
            case RECEIVE -> isReadable() || remaining(operation.buffers()) == 0;
            case POLL_READABLE -> isReadable();
            case SEND -> isWritableNow() || remaining(operation.buffers()) == 0;
            case POLL_WRITABLE -> isWritableNow();
            default -> throw new AssertionError(operation.kind() + " on " + this);
        };
    }

    private boolean isReadable() {
        return isClosed()
                || state != State.CONNECTED
                || inputShut
                || input.hasArrived()
                || input.hasEnded()
                || input.isBroken();
    }

    @Override
    boolean isWritableNow() {
        return isClosed()
                || state != State.CONNECTED
                || outputShut
                || input.isBroken()
                || (peer != null && peer.input.space() > 0);
    }

    @Override
    boolean perform(Operation operation) throws Failure {
        switch (operation.kind()) {
            case CONNECT -> {
                if (refusal != null) {
                    throw refusal;
                }
                requireConnected();
                operation.done(0);
            }
            case RECEIVE -> {
                return transferred(operation, tryReceive(operation.buffers()));
            }
            case SEND -> {
                return transferred(operation, trySend(operation.buffers()));
            }
            default -> operation.done(0);
        }
        return true;
    }

    private static boolean transferred(Operation operation, long count) {
        if (count == Descriptor.WOULD_BLOCK) {
            return false;
        }
        operation.done(count);
        return true;
    }

    @Override
    public String toString() {
        return "socket " + text(local()) + " - " + text(remote);
    }
}
