package io.amphio.interop.hiredis;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection to a Redis, which any number of tasks share.
 *
 * <pre>{@code
 * try (RedisClient redis = RedisClient.connect(io, RedisOptions.of("localhost", 6379), Timeout.afterMillis(500))) {
 *     redis.command(io, "SET", "greeting", "hello").orThrow();
 *     String greeting = redis.command(io, Timeout.afterMillis(100), "GET", "greeting").text();
 * }
 * }</pre>
 *
 * <p>Commands of different tasks are pipelined: each waits for its own answer only, and they are sent in the order they came in. So what
 * changes the connection ({@code SELECT}, {@code AUTH}) changes it for all, and what makes Redis wait ({@code BLPOP}) makes
 * all wait: open another client for that. Commands that belong together, such as {@code MULTI} to {@code EXEC}, go by
 * {@link #pipeline}, where nobody comes in between.
 *
 * <p>Redis's refusals are {@link RedisReply.Failed replies}. A connection that is lost ends every command with an IOException that says why,
 * at once; the client then stays lost, and its user connects another.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread.<br>
 * <b>Waiting:</b> only the caller waits. hiredis works in callbacks of an {@link FdWatcher} of {@code io} that connected, and on no thread of
 * its own.<br>
 * <b>Fairness:</b> first come, first served.<br>
 * <b>Trust:</b> hiredis 0.14 ends the process if a server answers what was not asked for; connect to your own servers.
 */
public final class RedisClient implements AutoCloseable {
    private final FdWatcher watcher;
    private final RedisConnection connection;

    private RedisClient(FdWatcher watcher, RedisConnection connection) {
        this.watcher = watcher;
        this.connection = connection;
    }

    /**
     * Connects, logs in and selects the database, if the options say so.
     *
     * <p>Cancellation point; a compound one: if it throws, nothing is left of it.
     *
     * @param io who waits, and on whose loops hiredis works; it also looks the name up
     * @param options where, and who
     * @param timeout for all of it
     * @return the client
     * @throws RedisException if Redis refuses the user or the database
     * @throws IOException if there is no connection to be had
     * @throws io.amphio.TimedOutException if the deadline passed first
     * @throws UnsupportedOperationException if hiredis is not there; the message says what to install
     */
    public static RedisClient connect(Io io, RedisOptions options, Timeout timeout) throws IOException {
        Timeout whole = Timeout.at(timeout.deadline(io.clock()));
        Hiredis.require();
        FdWatcher watcher = FdWatcher.open(io);
        try {
            RedisConnection connection = Dialing.dial(io, watcher, options, whole, RedisConnection.Listener.NONE);
            return new RedisClient(watcher, connection);
        } catch (Throwable failed) {
            watcher.close();
            throw failed;
        }
    }

    /** Sends a command and waits for its answer without a limit in time, as {@link #command(Io, Timeout, Object...)} does. */
    public RedisReply command(Io io, Object... words) throws IOException {
        return command(io, Timeout.NONE, words);
    }

    /**
     * Sends a command and waits for its answer.
     *
     * <p>Cancellation point. If it throws, the command may have been carried out all the same, if it had been sent; its answer is
     * dropped, and the connection stays in step.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @param words the command and its arguments: String (as UTF-8), byte[], int or long
     * @return the answer, which may be that Redis refused
     * @throws IOException if the connection is lost
     * @throws IllegalArgumentException if the command has not exactly one answer ({@code SUBSCRIBE}, say)
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if the deadline passed first
     */
    public RedisReply command(Io io, Timeout timeout, Object... words) throws IOException {
        return connection.send(io, List.of(RespCommand.of(words)), timeout).getFirst();
    }

    /**
     * Sends several commands in a row and waits for all their answers: in one go, and with no command of another task between them.
     * Cancellation point, as {@link #command(Io, Timeout, Object...)}.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @param commands each with its arguments
     * @return the answers in the same order
     * @throws IOException if the connection is lost
     */
    public List<RedisReply> pipeline(Io io, Timeout timeout, List<? extends List<?>> commands) throws IOException {
        if (commands.isEmpty()) {
            return List.of();
        }
        List<byte[]> encoded = new ArrayList<>(commands.size());
        for (List<?> words : commands) {
            encoded.add(RespCommand.of(words.toArray()));
        }
        return List.copyOf(connection.send(io, encoded, timeout));
    }

    /**
     * Logs in, for all tasks that share this client. Cancellation point.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @param user {@code default}, say
     * @param password of the user
     * @return what Redis said: a refusal is a {@link RedisReply.Failed}
     * @throws IOException if the connection is lost
     */
    public RedisReply auth(Io io, Timeout timeout, String user, String password) throws IOException {
        return command(io, timeout, "AUTH", user, password);
    }

    /**
     * Subscribes to channels, on another connection with the same options. Cancellation point; if it throws, nothing is left of it.
     *
     * @param io who waits, and on whose loops hiredis works
     * @param options where, and who
     * @param timeout until all are confirmed
     * @param capacity how many messages are kept for a slow receiver; when it is full, nothing is read from Redis until there is room
     * @param channels their names, at least one
     * @return the subscription, which has to be closed
     * @throws RedisException if Redis refuses
     * @throws IOException if there is no connection to be had
     */
    public static RedisSubscription subscribe(
            Io io, RedisOptions options, Timeout timeout, int capacity, String... channels) throws IOException {
        return RedisSubscription.open(io, options, timeout, capacity, "SUBSCRIBE", channels);
    }

    /** Subscribes to all channels whose names match, as {@link #subscribe} does. */
    public static RedisSubscription subscribePatterns(
            Io io, RedisOptions options, Timeout timeout, int capacity, String... patterns) throws IOException {
        return RedisSubscription.open(io, options, timeout, capacity, "PSUBSCRIBE", patterns);
    }

    /**
     * Closes the connection: commands under way fail. Waits in the calling thread's own way until hiredis has let go of it, which is
     * soon; no cancellation point. Also works when the runtime is closed.
     */
    @Override
    public void close() {
        connection.close();
        watcher.close();
    }

    @Override
    public String toString() {
        return "RedisClient[" + connection + "]";
    }
}
