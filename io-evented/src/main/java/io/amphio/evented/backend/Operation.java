package io.amphio.evented.backend;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One operation: what an entry of a submission queue would say, and later what that of the completion queue says.
 *
 * <p>One class for all kinds, like those entries, so that a backend needs no hierarchy beside the loop's. It may be
 * submitted again once it has completed.
 *
 * <p><b>Threads:</b> no thread-safety. The loop owns it until it submits it, the backend until it completes.
 */
public final class Operation {
    /** What to do. */
    public enum Kind {
        /** Take one connection from a listener. */
        ACCEPT(true),
        /** Connect a socket. */
        CONNECT(false),
        /** Receive at least one byte, or the end of the stream. */
        RECEIVE(true),
        /** Send at least one byte. */
        SEND(false),
        /** Wait until a receive, or an accept, would not wait. */
        POLL_READABLE(true),
        /** Wait until a send would not wait. */
        POLL_WRITABLE(false);

        private final boolean reading;

        Kind(boolean reading) {
            this.reading = reading;
        }

        /**
         * Returns in which direction of its descriptor it goes; there is one at a time in each.
         *
         * @return true for receiving and accepting, false for sending and connecting
         */
        public boolean isReading() {
            return reading;
        }
    }

    /** How it went. */
    public enum Outcome {
        /** It was done. */
        DONE,
        /** It failed, and {@link Operation#failure} says how. */
        FAILED,
        /** It was canceled before it had any effect. */
        CANCELED
    }

    private static final ByteBuffer[] NO_BUFFERS = {};

    private final Kind kind;
    private final Object owner;

    private @Nullable Descriptor descriptor;
    private @Nullable SocketAddress address;
    private ByteBuffer[] buffers = NO_BUFFERS;

    private Outcome outcome = Outcome.DONE;
    private long count;
    private @Nullable Descriptor accepted;
    private @Nullable Failure failure;
    private @Nullable Object ticket;

    /**
     * Creates an operation, not submitted.
     *
     * @param kind what to do
     * @param owner whom the loop tells when it completes
     */
    public Operation(Kind kind, Object owner) {
        this.kind = kind;
        this.owner = owner;
    }

    /**
     * Returns what to do.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns whom the loop tells.
     *
     * @return what it was created with
     */
    public Object owner() {
        return owner;
    }

    /**
     * Says what to work on.
     *
     * @param descriptor of the same provider as the backend that gets the operation
     */
    public void setDescriptor(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Returns what to work on.
     *
     * @return the descriptor
     */
    public Descriptor descriptor() {
        if (descriptor == null) {
            throw new AssertionError(kind + " was submitted without a descriptor");
        }
        return descriptor;
    }

    /**
     * Says where to connect.
     *
     * @param address of the peer
     */
    public void setAddress(SocketAddress address) {
        this.address = address;
    }

    /**
     * Returns where to connect.
     *
     * @return the address of the peer
     */
    public SocketAddress address() {
        if (address == null) {
            throw new AssertionError(kind + " was submitted without an address");
        }
        return address;
    }

    /**
     * Says where to receive to or what to send.
     *
     * @param buffers in order; not copied
     */
    public void setBuffers(ByteBuffer[] buffers) {
        this.buffers = buffers;
    }

    /**
     * Returns where to receive to or what to send.
     *
     * @return the buffers in order; empty for other kinds
     */
    public ByteBuffer[] buffers() {
        return buffers;
    }

    /**
     * Keeps what the backend wants to find again with the operation: a slot, a registration.
     *
     * @param ticket the backend's own; null for none
     */
    public void setTicket(@Nullable Object ticket) {
        this.ticket = ticket;
    }

    /**
     * Returns what the backend has kept.
     *
     * @return the backend's own, or null
     */
    public @Nullable Object ticket() {
        return ticket;
    }

    /**
     * Records that it was done.
     *
     * @param count how many bytes, or {@link Descriptor#END_OF_STREAM}; 0 where there is nothing to count
     */
    public void done(long count) {
        finish(Outcome.DONE, count, null, null);
    }

    /**
     * Records that it took a connection.
     *
     * @param connection the new connection
     */
    public void accepted(Descriptor connection) {
        finish(Outcome.DONE, 0, connection, null);
    }

    /**
     * Records that it failed.
     *
     * @param reason what the kernel answered
     */
    public void failed(Failure reason) {
        finish(Outcome.FAILED, 0, null, reason);
    }

    /** Records that it was canceled, and has had no effect. */
    public void canceled() {
        finish(Outcome.CANCELED, 0, null, null);
    }

    private void finish(Outcome how, long bytes, @Nullable Descriptor connection, @Nullable Failure reason) {
        outcome = how;
        count = bytes;
        accepted = connection;
        failure = reason;
        ticket = null;
    }

    /**
     * Returns how it went.
     *
     * @return the outcome of the last submission
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Returns how much was transferred.
     *
     * @return how many bytes, or {@link Descriptor#END_OF_STREAM}
     */
    public long count() {
        return count;
    }

    /**
     * Hands over the connection that was accepted.
     *
     * @return the connection, or null for other kinds and other outcomes
     */
    public @Nullable Descriptor accepted() {
        return accepted;
    }

    /**
     * Returns why it failed.
     *
     * @return what the kernel answered, or null for other outcomes
     */
    public @Nullable Failure failure() {
        return failure;
    }
}
