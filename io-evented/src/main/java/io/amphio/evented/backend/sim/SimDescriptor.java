package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.net.AbstractUnixAddress;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that is open in a simulated kernel.
 *
 * <p><b>Threads:</b> one at a time, that of the simulation; any other is refused, unless it only asks for an address.
 */
abstract class SimDescriptor implements Descriptor {
    final SimKernel kernel;
    private final Map<SocketOption<?>, Object> options = new HashMap<>();
    private int number; // 0 while nobody has been given it: a connection that waits to be accepted
    private String opener = "the kernel";
    private @Nullable SocketAddress local;
    private boolean isBound; // whether the address is its own, and not that of the listener it came from
    private boolean closed;

    SimDescriptor(SimKernel kernel) {
        this.kernel = kernel;
    }

    /** Gives it to whoever opens or accepts it. */
    final void handOver() {
        number = kernel.open(this);
        opener = kernel.world().currentName();
    }

    final int number() {
        return number;
    }

    final String opener() {
        return opener;
    }

    final boolean isClosed() {
        return closed;
    }

    /** Begins a call: by a thread of the simulation, on something that is open. */
    final void requireOpen() throws Failure {
        kernel.world().requireInside("a use", this);
        requireNotClosed();
    }

    /** Enough for who only asks for an address: it may be a debugger or a log, as messages name what they are about. */
    final void requireNotClosed() throws Failure {
        if (closed) {
            throw new Failure("the socket is closed", "EBADF", null);
        }
    }

    // ---------------------------------------------------------------- for the backend

    /** Returns whether an operation on this would not have to wait; it then completes when it is chosen. */
    abstract boolean isReady(Operation operation);

    /** Makes the call of an operation that is ready, and sets its outcome; returns whether it was ready indeed. */
    abstract boolean perform(Operation operation) throws Failure;

    /** Returns whether a send to this would not wait: asked by a copy, which is an operation of a file. */
    boolean isWritableNow() {
        return true;
    }

    /** An operation begins: a connect sends its first message. */
    void begin(Operation operation) {}

    // ---------------------------------------------------------------- addresses and options

    boolean isDatagram() {
        return false;
    }

    final boolean sharesItsPort() {
        return Boolean.TRUE.equals(options.get(StandardSocketOptions.SO_REUSEPORT));
    }

    @Override
    public void bind(SocketAddress address, int backlog) throws Failure {
        requireOpen();
        if (isBound) {
            throw new Failure("the socket has a local address already", "EINVAL", null);
        }
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new Failure("the name was not resolved to an address", null, null);
        }
        local = kernel.bind(this, address);
        isBound = true;
    }

    /** Takes the address of a listener, for a connection to it. */
    final void setLocalAddress(SocketAddress address) {
        local = address;
    }

    final @Nullable SocketAddress local() {
        return local;
    }

    @Override
    public @Nullable SocketAddress localAddress() throws Failure {
        requireNotClosed();
        return local;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws Failure {
        requireOpen();
        optionsOfItsKind().require(option);
        options.put(option, value);
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> option) throws Failure {
        requireOpen();
        optionsOfItsKind().require(option);
        Object set = options.get(option);
        return option.type().cast(set != null ? set : defaultOf(option));
    }

    /** Which options it has; what has no address yet is taken for one of IP. */
    SimOptions optionsOfItsKind() {
        return local == null || local instanceof InetSocketAddress ? SimOptions.STREAM : SimOptions.UNIX;
    }

    private @Nullable Object defaultOf(SocketOption<?> option) {
        if (option == StandardSocketOptions.SO_RCVBUF || option == StandardSocketOptions.SO_SNDBUF) {
            return kernel.bufferBytes();
        }
        if (option == StandardSocketOptions.SO_LINGER) {
            return -1;
        }
        return option.type() == Boolean.class ? Boolean.FALSE : null;
    }

    final int optionOr(SocketOption<Integer> option, int otherwise) {
        return options.get(option) instanceof Integer set ? set : otherwise;
    }

    // ---------------------------------------------------------------- the end

    @Override
    public final void close() {
        kernel.world().requireInside("the close", this);
        if (!closed) {
            closed = true;
            if (isBound && local != null) {
                kernel.unbind(this, local);
            }
            if (number != 0) {
                kernel.closed(number);
            }
            closeIt();
            kernel.changed();
        }
    }

    /** Lets go of what is its own, once. */
    abstract void closeIt();

    static @Nullable ProtocolFamily familyOf(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address -> StandardProtocolFamily.INET;
            case InetSocketAddress _ -> StandardProtocolFamily.INET6;
            case UnixDomainSocketAddress _ -> StandardProtocolFamily.UNIX;
            case AbstractUnixAddress _ -> StandardProtocolFamily.UNIX;
            default -> null;
        };
    }

    static int remaining(ByteBuffer[] buffers) {
        int total = 0;
        for (ByteBuffer buffer : buffers) {
            total += buffer.remaining();
        }
        return total;
    }

    /** Takes up to {@code most} bytes out of {@code buffers}. */
    static ByteBuffer gather(ByteBuffer[] buffers, int most) {
        ByteBuffer all = ByteBuffer.allocate(Math.min(most, remaining(buffers)));
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(buffer.remaining(), all.remaining());
            all.put(buffer.slice(buffer.position(), count));
            buffer.position(buffer.position() + count);
        }
        return all.flip();
    }

    /** Puts what has room into {@code buffers}; returns how much that is. */
    static long scatter(ByteBuffer bytes, ByteBuffer[] buffers) {
        long total = 0;
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(buffer.remaining(), bytes.remaining());
            buffer.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            total += count;
        }
        return total;
    }

    static String text(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return address == null ? "nowhere" : address.toString();
        }
        return inet.getAddress().getHostAddress() + ":" + inet.getPort();
    }
}
