package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.ffi.UringRefusal;

/**
 * How operations of one kind become entries for the kernel, and the kernel's results become theirs.
 *
 * <p>There is one object for all operations of a kind, without state; what belongs to one operation is in its slot.
 *
 * <p><b>Threads:</b> the loop's.
 */
interface Request {
    /** Of {@code poll}: something can be read. */
    int POLLIN = 1;

    /** Of {@code poll}: something can be written. */
    int POLLOUT = 4;

    /** Of {@code poll}: the peer has finished sending. */
    int POLLRDHUP = 0x2000;

    /** Returns which opcode it needs. */
    int opcode();

    /**
     * Lends memory to the slot and copies into it what the kernel is to read.
     *
     * @return false if the operation is complete already, with its outcome set
     * @throws Failure if it cannot even begin
     * @throws UringRefusal if no memory is left
     */
    boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal;

    /** Writes the entry, all but the user data. The kernel may be asked more than once. */
    void write(Entry entry, UringSlot slot, Operation operation);

    /**
     * Sets the outcome.
     *
     * @param result what the kernel said, not negative
     * @throws Failure if it succeeded and yet has failed
     */
    void finish(UringSlot slot, Operation operation, int result) throws Failure;

    /**
     * Throws what the kernel said.
     *
     * @param result a negative errno, not that it was canceled
     * @throws Failure always
     */
    default void failed(Operation operation, int result) throws Failure {
        throw FdErrors.failure(result);
    }

    /**
     * Returns whether to ask once more, after an answer that is about this attempt only.
     *
     * @param result a negative errno
     * @param attempts how many there were
     */
    default boolean isAskedAgain(int result, int attempts) {
        return false;
    }

    /** Returns what to poll for where the kernel answers EAGAIN; 0 if that is an answer like any other. */
    default int readiness() {
        return 0;
    }
}
