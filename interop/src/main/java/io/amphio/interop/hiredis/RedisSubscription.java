package io.amphio.interop.hiredis;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatcher;
import io.amphio.sync.Channel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis that receives what is published, into a {@link Channel}.
 *
 * <p>The channel is closed when the connection is: what was received before can still be taken, and {@link #loss} says why it
 * ended. Redis keeps nothing for who is not connected.
 *
 * <p>A receiver that is too slow for {@code capacity} stops the reading, so messages wait in the system's buffers and then at the server,
 * which by {@code client-output-buffer-limit} ends a connection that is far behind.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.
 */
public final class RedisSubscription implements AutoCloseable {
    private final FdWatcher watcher;
    private final Channel<RedisMessage> messages;
    private final Inflow inflow;
    private final RedisConnection connection;

    private RedisSubscription(
            FdWatcher watcher, Channel<RedisMessage> messages, Inflow inflow, RedisConnection connection) {
        this.watcher = watcher;
        this.messages = messages;
        this.inflow = inflow;
        this.connection = connection;
    }

    static RedisSubscription open(
            Io io, RedisOptions options, Timeout timeout, int capacity, String verb, String... names)
            throws IOException {
        if (names.length == 0) {
            throw new IllegalArgumentException("redis: " + verb + " to nothing");
        }
        Timeout whole = Timeout.at(timeout.deadline(io.clock()));
        Hiredis.require();
        FdWatcher watcher = FdWatcher.open(io);
        try {
            Channel<RedisMessage> messages = new Channel<>(capacity);
            Inflow inflow = new Inflow(watcher, messages, names.length);
            RedisConnection connection = Dialing.dial(io, watcher, options, whole, inflow);
            try {
                inflow.flowsFrom(connection);
                Object[] words = new Object[names.length + 1];
                words[0] = verb;
                System.arraycopy(names, 0, words, 1, names.length);
                connection.sendPushed(RespCommand.encode(words));
                inflow.awaitConfirmed(io, whole);
            } catch (Throwable failed) {
                connection.close();
                throw failed;
            }
            return new RedisSubscription(watcher, messages, inflow, connection);
        } catch (Throwable failed) {
            watcher.close();
            throw failed;
        }
    }

    /** Returns where the messages arrive; closing it ends the subscription as soon as the next one comes. */
    public Channel<RedisMessage> messages() {
        return messages;
    }

    /** Returns why the connection ended; null while it has not. */
    public @Nullable IOException loss() {
        return inflow.loss();
    }

    /** Closes the connection and the channel, whose messages can still be taken. Waits as {@link RedisClient#close} does. */
    @Override
    public void close() {
        connection.close();
        messages.close(); // also where a message was still waiting for room
        watcher.close();
    }
}
