package io.amphio.interop.hiredis;

import java.nio.charset.StandardCharsets;

/**
 * What somebody published.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class RedisMessage {
    private final String channel;
    private final byte[] body;

    RedisMessage(String channel, byte[] body) {
        this.channel = channel;
        this.body = body;
    }

    /** Returns where it was published. */
    public String channel() {
        return channel;
    }

    /** Returns a copy of the message. */
    public byte[] body() {
        return body.clone();
    }

    /** Returns the message as text, read as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "RedisMessage[" + channel + ": " + text() + "]";
    }
}
