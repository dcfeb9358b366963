package io.amphio.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the system answered, without what was attempted on what: {@link FsErrors} puts that in front. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final @Nullable String errno;

    /**
     * Creates the exception.
     *
     * @param reason in words
     * @param errno the symbol of the error; null where nobody can tell
     * @param cause what else was thrown
     */
    public ErrnoException(String reason, @Nullable String errno, @Nullable Throwable cause) {
        super(reason + (errno == null ? "" : " (" + errno + ")"), cause);
        this.reason = reason;
        this.errno = errno;
    }

    /** Creates an exception without a cause. */
    public ErrnoException(String reason, String errno) {
        this(reason, errno, null);
    }

    /** Returns what came back, in words. */
    public String reason() {
        return reason;
    }

    /** Returns the symbol of the error. */
    public @Nullable String errno() {
        return errno;
    }
}
