package io.amphio.interop.streams;

import io.amphio.CallOptions;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.TaskOptions;
import io.amphio.Timeout;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a stream that blocks: at most one call of it runs, by a task of its own, and outlives who waits for it.
 *
 * <pre>
 *   busy   call      event               next                  and then
 *   ----   -------   -----------------   -------------------   -------------------------------------------
 *   no     any       enter               busy
 *   yes    any       enter               busy                  IllegalStateException: a second user
 *   yes    none      start               running               a task runs the call
 *   yes    running   its end is seen     none                  the outcome is the user's
 *   yes    running   the user is         running               the next user waits for the same call
 *                    canceled, or late
 *   yes    any       leave               not busy
 * </pre>
 *
 * <p>What belongs to the user is handed to the next one by {@code busy}, a volatile word.
 */
final class InFlight {
    private final Io owner;
    private final String what;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Future<Integer> call; // written by the user; read by close too
    private volatile boolean closed;

    /** What blocks. */
    @FunctionalInterface
    interface Call {
        int run() throws IOException;
    }

    InFlight(Io owner, String what) {
        this.owner = owner;
        this.what = what;
    }

    void enter() throws ClosedChannelException {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(what + ": another task is at it");
        }
        if (closed) {
            leave();
            throw new ClosedChannelException();
        }
    }

    void leave() {
        busy.set(false);
    }

    @Nullable
    Future<Integer> running() {
        return call;
    }

    boolean isRunning() {
        return call != null;
    }

    void start(Call body) {
        CallOptions options = CallOptions.named(what).interrupting();
        Future<Integer> started = owner.<Integer>concurrent(
                        TaskOptions.named(what), () -> owner.<Integer, IOException>call(owner, options, body::run))
                .getOrElseThrow(ConcurrencyUnavailable::asException);
        call = started;
        if (closed) {
            started.requestCancel();
        }
    }

    /** Waits for the end of the call, and returns what it returned. Cancellation point; the call goes on. */
    int await(Io io, Timeout timeout) throws IOException {
        Future<Integer> running = call;
        if (running == null) {
            return 0;
        }
        Outcome<Integer> outcome = running.waitFor(io, timeout);
        call = null;
        return switch (outcome) {
            case Outcome.Value<Integer>(Integer count) -> count;
            case Outcome.Canceled<Integer> _ -> throw new ClosedChannelException();
            case Outcome.Failure<Integer>(Throwable thrown) -> {
                if (closed) {
                    throw new ClosedChannelException();
                }
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw new IOException(what + ": " + thrown.getMessage(), thrown);
            }
        };
    }

    boolean isClosed() {
        return closed;
    }

    /** Says that no further call will be made, and returns the one that runs. */
    @Nullable
    Future<Integer> close() {
        closed = true; // first: who starts a call after it has looked for one sees this
        return call;
    }
}
