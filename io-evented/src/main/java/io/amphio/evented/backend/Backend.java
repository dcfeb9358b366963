package io.amphio.evented.backend;

/**
 * One kernel interface under one event loop: operations go in, and each comes out exactly once, through the
 * {@link CompletionSink} it was opened with.
 *
 * <p>Completion is the common ground: a kernel that tells only readiness gets its non-blocking call made here, when it is
 * ready. Buffers and addresses of an operation belong to the backend from {@link #submit} until the operation completes,
 * also after {@link #cancel}.
 *
 * <p><b>Threads:</b> {@link #wake}, {@link #supports}, {@link #name} and {@link #nanoTime} may be called from any thread,
 * everything else from the loop's only. That is the first thread that calls {@link #poll} or {@link #submit}, so a kernel
 * interface that belongs to a thread is set up there.<br>
 * <b>Waiting:</b> only {@code poll} waits.
 */
public interface Backend {
    /**
     * Returns the name by which it is chosen.
     *
     * @return a short lower-case name
     */
    String name();

    /**
     * Returns whether this kernel can do such an operation.
     *
     * @param kind what would be submitted
     * @return whether {@link #submit} takes it
     */
    boolean supports(Operation.Kind kind);

    /**
     * Begins an operation. It may complete before this returns; it never fails by throwing.
     *
     * @param operation not in flight, with its inputs set
     */
    void submit(Operation operation);

    /**
     * Asks for the end of an operation that is in flight. It completes soon, canceled or, if that came first, otherwise.
     *
     * @param operation submitted to this backend and not completed
     */
    void cancel(Operation operation);

    /**
     * Reports what has completed, waiting for something if nothing has.
     *
     * @param timeoutNanos how long to wait at most: 0 not at all, less than 0 without limit
     */
    void poll(long timeoutNanos);

    /** Makes the current or the next {@link #poll} return early. After {@link #close} it does nothing. */
    void wake();

    /**
     * Returns the clock of this backend, on which timeouts run.
     *
     * @return nanoseconds since some instant
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Frees what it holds of the kernel's. Nothing may be in flight. */
    void close();
}
