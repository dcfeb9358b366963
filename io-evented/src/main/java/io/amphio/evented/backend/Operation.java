package io.amphio.evented.backend;

import org.jspecify.annotations.Nullable;

/**
 * One operation: what an entry of a submission queue would say ({@link Submission}), and later what that of the completion
 * queue says.
 *
 * <p>One class for all kinds, like those entries, so that a backend needs no hierarchy beside the loop's. It may be
 * submitted again once it has completed.
 *
 * <p><b>Threads:</b> no thread-safety. The loop owns it until it submits it, the backend until it completes.
 */
public final class Operation extends Submission {
    /**
     * What to do, and with which inputs.
     *
     * <p>Those of a socket or a pipe take one direction of their descriptor, and there is one at a time in each. Those of
     * files take none: any number may be in flight on one descriptor, and they happen in any order. Names are relative to a
     * directory's descriptor, or to the current directory ({@link Names}). A short read or write is no error.
     */
    public enum Kind {
        /** Take one connection from a listener: {@link #accepted()}. */
        ACCEPT(Direction.READING),
        /** Connect a socket to {@link #address}; a datagram socket at once. */
        CONNECT(Direction.WRITING),
        /** Receive at least one byte, or the end of the stream, from a stream socket or a pipe. Without room: 0 at once. */
        RECEIVE(Direction.READING),
        /** Send at least one byte to a stream socket or a pipe. With nothing to send: 0 at once. */
        SEND(Direction.WRITING),
        /**
         * Receive one datagram, also an empty one, also without room for it: {@link #datagram}. What does not fit is lost,
         * and told.
         */
        RECEIVE_FROM(Direction.READING),
        /** Send one datagram, also an empty one, to {@link #address}, or to the peer of a connected socket if that is null. */
        SEND_TO(Direction.WRITING),
        /**
         * Wait until a receive, or an accept, would not wait: also at the end of the stream, a hang-up or an error. It tells a
         * state and not a change: where that holds already when it is submitted, it completes soon.
         */
        POLL_READABLE(Direction.READING),
        /** Wait until a send would not wait, or there is an error; a state, as above. */
        POLL_WRITABLE(Direction.WRITING),

        /** Open {@link #names} by {@link #flags} of {@link OpenFlags} and {@link #mode}: {@link #opened()}. */
        OPEN(Direction.NONE),
        /**
         * Read into {@link #buffers} from {@link #offset}, or from where the descriptor stands if that is -1, and then that
         * moves. At the end of the file {@link Descriptor#END_OF_STREAM}; without room 0.
         */
        READ(Direction.NONE),
        /** Write {@link #buffers} at {@link #offset}, as above; an append goes to the end whatever the offset. */
        WRITE(Direction.NONE),
        /** Bring a file's content and status to the device. */
        SYNC(Direction.NONE),
        /** Bring a file's content to the device, and of its status what reading it takes. */
        DATA_SYNC(Direction.NONE),
        /**
         * Tell the {@link #status()} of the descriptor, or of {@link #names} if they are set; {@link OpenFlags#NO_FOLLOW}
         * tells of a symbolic link itself.
         */
        STAT(Direction.NONE),
        /** Set a file's size to {@link #length}: cut it off, or fill it up with zeros. */
        TRUNCATE(Direction.NONE),
        /** Reserve {@link #length} bytes of a file from {@link #offset}; its size grows to that, if it was less. */
        ALLOCATE(Direction.NONE),
        /**
         * Rename the first of {@link #names} to the second, in place of what is there; with {@link OpenFlags#EXCLUSIVE} it
         * fails with EEXIST instead, and nobody can come in between.
         */
        RENAME(Direction.NONE),
        /** Give the file that is the first of {@link #names} the second as well; a symbolic link itself gets it. */
        LINK(Direction.NONE),
        /** Make the second of {@link #names} a symbolic link that says the first. */
        SYMLINK(Direction.NONE),
        /** Remove {@link #names}: an empty directory with {@link OpenFlags#DIRECTORY}, anything else without. */
        UNLINK(Direction.NONE),
        /** Make a directory, {@link #names}, with {@link #mode}. */
        MAKE_DIRECTORY(Direction.NONE),
        /**
         * Copy at least one of {@link #length} bytes of a file from {@link #offset} to {@link #target}, a stream socket or
         * the sink of a pipe, whose writing direction it takes; where the kernel can, without bringing them to us. At the
         * end of the file {@link Descriptor#END_OF_STREAM}. As a {@link BlockingCalls blocking call} it does not wait for the
         * target but answers {@link Descriptor#WOULD_BLOCK}.
         */
        COPY(Direction.NONE);

        private enum Direction {
            READING,
            WRITING,
            NONE
        }

        private final Direction direction;

        Kind(Direction direction) {
            this.direction = direction;
        }

        /**
         * Returns in which direction of its descriptor it goes; there is one at a time in each.
         *
         * @return true for receiving and accepting, false for sending, connecting and files
         */
        public boolean isReading() {
            return direction == Direction.READING;
        }

        /**
         * Returns whether it works on a file: then a backend that does not support it leaves it to {@link BlockingCalls}.
         *
         * @return true for those that take no direction of their descriptor
         */
        public boolean isFile() {
            return direction == Direction.NONE;
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

    private Outcome outcome = Outcome.DONE;
    private long count;
    private @Nullable Object result;
    private @Nullable Failure failure;
    private @Nullable Object ticket;

    /**
     * Creates an operation, not submitted.
     *
     * @param kind what to do
     * @param owner whom the loop tells when it completes
     */
    public Operation(Kind kind, Object owner) {
        super(kind, owner);
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
     * Records that it took a datagram.
     *
     * @param datagram how many bytes of it, from whom
     */
    public void received(Datagram datagram) {
        finish(Outcome.DONE, datagram.bytes(), datagram, null);
    }

    /**
     * Records that it opened a file or a directory.
     *
     * @param file the new descriptor
     */
    public void opened(Descriptor file) {
        finish(Outcome.DONE, 0, file, null);
    }

    /**
     * Records what it was asked about a file.
     *
     * @param status what the system says
     */
    public void told(FileStatus status) {
        finish(Outcome.DONE, 0, status, null);
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

    private void finish(Outcome how, long bytes, @Nullable Object what, @Nullable Failure reason) {
        outcome = how;
        count = bytes;
        result = what;
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
        return kind() == Kind.ACCEPT ? (Descriptor) result : null;
    }

    /**
     * Hands over what was opened.
     *
     * @return the file or directory, or null for other kinds and other outcomes
     */
    public @Nullable Descriptor opened() {
        return kind() == Kind.OPEN ? (Descriptor) result : null;
    }

    /**
     * Returns what was received.
     *
     * @return how many bytes from whom, or null for other kinds and other outcomes
     */
    public @Nullable Datagram datagram() {
        return kind() == Kind.RECEIVE_FROM ? (Datagram) result : null;
    }

    /**
     * Returns what was told about a file.
     *
     * @return the status, or null for other kinds and other outcomes
     */
    public @Nullable FileStatus status() {
        return kind() == Kind.STAT ? (FileStatus) result : null;
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
