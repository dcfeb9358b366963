package io.amphio.evented.backend;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Operation} asks for: its kind, on what, with which inputs. Which kind looks at which of them says
 * {@link Operation.Kind}.
 *
 * <p><b>Threads:</b> no thread-safety. The loop sets the inputs before it submits; from then on nobody does until it has completed.
 */
public abstract sealed class Submission permits Operation {
    private static final ByteBuffer[] NO_BUFFERS = {};

    private final Operation.Kind kind;
    private final Object owner;

    private @Nullable Descriptor descriptor;
    private @Nullable SocketAddress address;
    private ByteBuffer[] buffers = NO_BUFFERS;
    private @Nullable Names names;
    private @Nullable Descriptor target;
    private long offset = -1;
    private long length;
    private int flags;
    private int mode;

    Submission(Operation.Kind kind, Object owner) {
        this.kind = kind;
        this.owner = owner;
    }

    /**
     * Returns what to do.
     *
     * @return the kind
     */
    public final Operation.Kind kind() {
        return kind;
    }

    /**
     * Returns whom the loop tells.
     *
     * @return what it was created with
     */
    public final Object owner() {
        return owner;
    }

    /**
     * Says what to work on.
     *
     * @param descriptor of the same provider as the backend that gets the operation
     */
    public final void setDescriptor(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Returns what to work on.
     *
     * @return the descriptor
     */
    public final Descriptor descriptor() {
        if (descriptor == null) {
            throw new AssertionError(kind + " was submitted without a descriptor");
        }
        return descriptor;
    }

    /**
     * Says where to connect, or to send a datagram.
     *
     * @param address of the peer; null for the one that a datagram socket is connected to
     */
    public final void setAddress(@Nullable SocketAddress address) {
        this.address = address;
    }

    /**
     * Returns where to send a datagram.
     *
     * @return the address of the peer; null for the one that the socket is connected to
     */
    public final @Nullable SocketAddress addressOrNull() {
        return address;
    }

    /**
     * Returns where to connect.
     *
     * @return the address of the peer
     */
    public final SocketAddress address() {
        if (address == null) {
            throw new AssertionError(kind + " was submitted without an address");
        }
        return address;
    }

    /**
     * Says where to receive or read to, or what to send or write.
     *
     * @param buffers in order; not copied
     */
    public final void setBuffers(ByteBuffer[] buffers) {
        this.buffers = buffers;
    }

    /**
     * Returns where to receive or read to, or what to send or write.
     *
     * @return the buffers in order; empty for other kinds
     */
    public final ByteBuffer[] buffers() {
        return buffers;
    }

    /**
     * Says what it is called.
     *
     * @param names one name or two; null for an operation on the descriptor itself
     */
    public final void setNames(@Nullable Names names) {
        this.names = names;
    }

    /**
     * Returns what it is called.
     *
     * @return one name or two
     */
    public final Names names() {
        if (names == null) {
            throw new AssertionError(kind + " was submitted without a name");
        }
        return names;
    }

    /**
     * Returns whether it goes by name.
     *
     * @return true if names are set: the descriptor then has no meaning
     */
    public final boolean hasNames() {
        return names != null;
    }

    /**
     * Says where in the file.
     *
     * @param offset in bytes, or -1 for where the descriptor stands
     * @param length in bytes; only some kinds look at it
     */
    public final void setRange(long offset, long length) {
        this.offset = offset;
        this.length = length;
    }

    /**
     * Returns where in the file to begin.
     *
     * @return in bytes, or -1 for where the descriptor stands
     */
    public final long offset() {
        return offset;
    }

    /**
     * Returns how much of the file, or its new size.
     *
     * @return in bytes
     */
    public final long length() {
        return length;
    }

    /**
     * Says how.
     *
     * @param flags of {@link OpenFlags}
     * @param mode the permissions of what is created, before the process's mask is taken off; 0644 octal, say
     */
    public final void setFlags(int flags, int mode) {
        this.flags = flags;
        this.mode = mode;
    }

    /**
     * Returns how.
     *
     * @return flags of {@link OpenFlags}
     */
    public final int flags() {
        return flags;
    }

    /**
     * Returns whether a flag is set.
     *
     * @param flag one of {@link OpenFlags}
     * @return whether it is
     */
    public final boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Returns the permissions of what is created.
     *
     * @return as {@code chmod} has them
     */
    public final int mode() {
        return mode;
    }

    /**
     * Says where to copy to.
     *
     * @param target a stream socket or the sink of a pipe
     */
    public final void setTarget(Descriptor target) {
        this.target = target;
    }

    /**
     * Returns where to copy to.
     *
     * @return a stream socket or the sink of a pipe
     */
    public final Descriptor target() {
        if (target == null) {
            throw new AssertionError(kind + " was submitted without a target");
        }
        return target;
    }
}
