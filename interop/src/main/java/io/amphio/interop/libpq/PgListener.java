package io.amphio.interop.libpq;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to PostgreSQL that listens, and the task that moves notifications into a {@link Channel}.
 *
 * <p>The channel is closed when the connection is: what was received before can still be taken, and {@link #loss} says why it
 * ended. A receiver that is too slow makes the task wait, so notifications wait in the system's buffers and then at the server.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.
 */
public final class PgListener implements AutoCloseable {
    private final PgConnection connection;
    private final Channel<PgNotification> notifications;
    private final Future<Void> task;
    private volatile @Nullable IOException loss; // the task

    private PgListener(Io io, PgConnection connection, Channel<PgNotification> notifications) throws IOException {
        this.connection = connection;
        this.notifications = notifications;
        this.task = io.concurrent(TaskOptions.named("listen on " + connection), () -> {
                    move(io);
                    return (Void) null;
                })
                .getOrElseThrow(() -> new IOException("listen on " + connection + ": the Io has no concurrency left"));
    }

    /**
     * Connects and listens. Cancellation point; if it throws, nothing is left of it.
     *
     * @param io who waits, and runs the task
     * @param options where, and who
     * @param timeout until it listens
     * @param capacity how many notifications are kept for a slow receiver
     * @param channels their names, at least one
     * @return the listener, which has to be closed
     * @throws IOException if there is no connection to be had, or the Io has no concurrency left
     */
    public static PgListener open(Io io, PgOptions options, Timeout timeout, int capacity, String... channels)
            throws IOException {
        if (channels.length == 0) {
            throw new IllegalArgumentException("postgres: listen to nothing");
        }
        Timeout whole = Timeout.at(timeout.deadline(io.clock()));
        PgConnection connection = PgConnection.connect(io, options, whole);
        try {
            for (String channel : channels) {
                connection.query(io, whole, "LISTEN \"" + channel.replace("\"", "\"\"") + "\"");
            }
            return new PgListener(io, connection, new Channel<>(capacity));
        } catch (Throwable failed) {
            connection.close();
            throw failed;
        }
    }

    private void move(Io io) {
        try {
            while (true) {
                notifications.send(io, connection.awaitNotification(io));
            }
        } catch (IOException lost) {
            loss = lost;
        } catch (ChannelClosedException closedByReceiver) {
            loss = new IOException(connection + ": its channel was closed", closedByReceiver);
        } catch (CanceledException canceled) {
            loss = new IOException(connection + ": its task was canceled", canceled);
            throw canceled;
        } finally {
            notifications.close();
            connection.close();
        }
    }

    /** Returns where the notifications arrive; closing it ends the listener when the next one comes. */
    public Channel<PgNotification> notifications() {
        return notifications;
    }

    /** Returns why the connection ended; null while it has not. */
    public @Nullable IOException loss() {
        return loss;
    }

    /** Closes the connection and the channel, and waits for the task in the calling thread's own way. */
    @Override
    public void close() {
        task.close();
    }
}
