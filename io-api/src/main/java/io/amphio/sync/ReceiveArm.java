package io.amphio.sync;

import io.amphio.spi.Arm;
import io.vavr.control.Option;

/**
 * The receiving of one message, as something that a {@code Select} waits for.
 *
 * <p>Once it is chosen, {@link #message} and {@link #messageOption} tell what was received; both may be called again.
 *
 * <p><b>Threads:</b> owned by the task that awaits the select.
 *
 * @param <T> a message
 */
public abstract class ReceiveArm<T> extends Arm {
    ReceiveArm() {}

    /**
     * Returns the message that was received.
     *
     * @throws ChannelClosedException if the channel is closed and nothing was left in it
     * @throws LaggedException if this is a subscription's and messages were missed
     */
    public abstract T message();

    /**
     * Returns the message that was received; nothing if the channel is closed and nothing was left in it.
     *
     * @throws LaggedException if this is a subscription's and messages were missed
     */
    public abstract Option<T> messageOption();
}
