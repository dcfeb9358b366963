package io.amphio.evented.sim;

import java.util.EnumSet;
import java.util.Set;

/** A kind of fault that {@link SimulatedIo#explore} may plan. */
public enum FaultKind {
    /** {@link Fault.ShortReceive}. */
    SHORT_RECEIVE,
    /** {@link Fault.PartialSend}. */
    PARTIAL_SEND,
    /** {@link Fault.Delay}. */
    DELAY,
    /** {@link Fault.Loss}. */
    LOSS,
    /** {@link Fault.Reset}. */
    RESET,
    /** {@link Fault.NoDescriptor}. */
    NO_DESCRIPTOR,
    /** {@link Fault.NoSpace}. */
    NO_SPACE,
    /** {@link Fault.Cancel} of the main task. */
    CANCEL,
    /** {@link Fault.Pause} of the main task. */
    PAUSE;

    /**
     * Returns the kinds that no correct program notices: short receives, partial sends, delays, losses.
     *
     * @return a new set
     */
    public static Set<FaultKind> harmless() {
        return EnumSet.of(SHORT_RECEIVE, PARTIAL_SEND, DELAY, LOSS);
    }
}
