package io.amphio.process;

import io.amphio.Io;
import io.amphio.Timeout;
import io.vavr.control.Option;

/**
 * The signals that somebody has subscribed to.
 *
 * <p>Signals are kept as the system keeps them: one of a kind. What comes while the same is still to be received is one with it; so
 * nothing is missed that matters, and nothing piles up. Different ones are received in the order in which the first of each came.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread. Of several that wait, the first gets it.
 */
public interface SignalSubscription extends AutoCloseable {
    /** Receives the next signal, however long that takes. Cancellation point. */
    default Signal receive(Io io) {
        return receive(io, Timeout.NONE);
    }

    /**
     * Receives the next signal. Cancellation point: if it throws, none was taken.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @return the signal
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     * @throws io.amphio.sync.ChannelClosedException if this is closed
     */
    Signal receive(Io io, Timeout timeout);

    /**
     * Receives the next signal if one has come. Never waits.
     *
     * @throws io.amphio.sync.ChannelClosedException if this is closed
     */
    Option<Signal> tryReceive();

    /** Returns what a {@code Select} waits for: the next signal, or the close; good for one wait. */
    SignalArm receiveArm();

    /** Ends the subscription, also for who waits for it. Idempotent. Never waits. */
    @Override
    void close();
}
