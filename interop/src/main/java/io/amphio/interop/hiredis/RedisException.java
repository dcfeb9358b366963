package io.amphio.interop.hiredis;

import java.io.IOException;

/** Redis refused a command, by an answer; the connection is as good as before. */
public final class RedisException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Creates it.
     *
     * @param message what Redis said
     */
    public RedisException(String message) {
        super("redis: " + message);
    }
}
