package io.amphio.process;

import io.amphio.spi.Arm;

/**
 * The receiving of one signal, as something that a {@code Select} waits for.
 *
 * <p><b>Threads:</b> owned by the task that awaits the select.
 */
public abstract class SignalArm extends Arm {
    /** Creates an arm. */
    protected SignalArm() {}

    /**
     * Returns the signal that was received, once this was chosen.
     *
     * @throws io.amphio.sync.ChannelClosedException if the subscription is closed
     */
    public abstract Signal signal();
}
