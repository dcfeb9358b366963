package io.amphio.evented.loop;

import io.amphio.evented.backend.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An operation that the outside world refused, or that was canceled: what was attempted, on what, and what came back.
 *
 * <p>{@code connect 127.0.0.1:9: connection refused (ECONNREFUSED)}
 *
 * <p>It has no stack trace: the loop's own would say nothing about who asked.
 */
public final class OperationException extends IOException {
    private static final long serialVersionUID = 1;

    private final String operation;
    private final String target;
    private final String text;
    private final String reason;
    private final @Nullable String errno;

    OperationException(
            String operation, String target, String reason, @Nullable String errno, @Nullable Throwable cause) {
        super(operation + " " + target + ": " + withErrno(reason, errno), cause);
        this.operation = operation;
        this.target = target;
        this.text = reason;
        this.reason = withErrno(reason, errno);
        this.errno = errno;
    }

    private static String withErrno(String reason, @Nullable String errno) {
        return errno == null ? reason : reason + " (" + errno + ")";
    }

    static OperationException of(String operation, String target, Failure failure) {
        return new OperationException(operation, target, failure.text(), failure.errno(), failure.getCause());
    }

    /**
     * Returns what was attempted.
     *
     * @return a verb: {@code connect}
     */
    public String operation() {
        return operation;
    }

    /**
     * Returns what it was attempted on.
     *
     * @return an address: {@code 127.0.0.1:9}
     */
    public String target() {
        return target;
    }

    /**
     * Returns what came back, in words.
     *
     * @return {@code connection refused}
     */
    public String text() {
        return text;
    }

    /**
     * Returns what came back, in words and by its symbol.
     *
     * @return {@code connection refused (ECONNREFUSED)}
     */
    public String reason() {
        return reason;
    }

    /**
     * Returns the symbol of the error.
     *
     * @return {@code ECONNREFUSED}, say; null where the backend cannot tell
     */
    public @Nullable String errno() {
        return errno;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
