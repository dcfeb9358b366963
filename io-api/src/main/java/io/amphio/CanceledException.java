package io.amphio;

import org.jspecify.annotations.Nullable;

/**
 * The current task was asked to stop: thrown once per request, at a cancellation point.
 *
 * <p>Let it pass; release what you hold in {@code finally} blocks, which may wait again, as the request was delivered. Who
 * catches it to clean up and carries on in the same task calls {@link Io#recancel} to have it thrown again.
 */
public final class CanceledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Object request;

    /** Creates an exception that belongs to no request in particular. */
    public CanceledException() {
        this("the task was canceled", null);
    }

    /**
     * Creates the exception that delivers {@code request}; for implementers.
     *
     * @param message what happened
     * @param request the identity of the request that this exception delivers, or null
     */
    public CanceledException(String message, @Nullable Object request) {
        super(message);
        this.request = request;
    }

    /** Returns the identity of the request that this exception delivers, or null; for implementers. */
    public @Nullable Object request() {
        return request;
    }
}
