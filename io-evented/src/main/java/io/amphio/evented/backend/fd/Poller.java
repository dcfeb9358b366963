package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.Failure;

/**
 * A kernel interface that tells when descriptors become ready, edge by edge: what a {@link ReadinessBackend} stands on.
 *
 * <p><b>Threads:</b> {@link #wake} and {@link #closing} from any thread, everything else from the backend's.
 */
public interface Poller {
    /** Marks the tokens of watched descriptors. */
    long WATCH = 1L << 62;

    /**
     * Adds a descriptor, in both directions. If it is ready now, that is an edge too.
     *
     * @param fd its number
     * @param token what its events carry; 0 or more, and less than {@link #WATCH}
     * @throws Failure if the kernel refuses
     */
    void add(int fd, long token) throws Failure;

    /**
     * Takes a descriptor out that is still open. One that is closed leaves by itself.
     *
     * @param fd its number
     */
    void remove(int fd);

    /**
     * Tells that an added descriptor is about to be closed, for an interface that does not notice it. Any thread.
     *
     * @param fd its number
     */
    default void closing(int fd) {}

    /**
     * Asks for one event of a descriptor that is not registered, also if it is ready already: its token is
     * {@link #WATCH} with the number. Asking again replaces what was asked before.
     *
     * @param fd its number
     * @param reading whether to tell that it is readable
     * @param writing whether to tell that it is writable
     * @param known whether it was asked for before, and not disarmed
     * @return 0 or more, or the negative errno: EPERM if it is never waited for, as a regular file
     */
    int arm(int fd, boolean reading, boolean writing, boolean known);

    /**
     * Takes back what {@link #arm} has asked for.
     *
     * @param fd its number
     */
    void disarm(int fd);

    /**
     * Sets an alarm, as {@link Backend#setAlarm} says.
     *
     * @param clock which
     * @param atNanos the time; {@link Long#MAX_VALUE} for none
     * @return false if it has no alarms
     */
    default boolean setAlarm(Backend.AlarmClock clock, long atNanos) {
        return false;
    }

    /**
     * Reads a clock that alarms run on.
     *
     * @param clock which
     * @return nanoseconds; less than 0 if it cannot
     */
    default long readClock(Backend.AlarmClock clock) {
        return -1;
    }

    /**
     * Returns its own number, which is readable when there are events.
     *
     * @return the number, or -1 if it cannot be waited for
     */
    int number();

    /**
     * Collects the next events, waiting until there is one if there is none.
     *
     * @param timeoutNanos how long to wait at most: 0 not at all, less than 0 without limit
     * @return how many there are; a wake-up alone is none
     */
    int await(long timeoutNanos);

    /**
     * Returns whose the event is.
     *
     * @param event its index among those collected last
     * @return the token
     */
    long token(int event);

    /**
     * Returns whether receiving, or accepting, is worth a try.
     *
     * @param event its index among those collected last
     * @return also true at the end of the stream, and if it would fail
     */
    boolean isReadable(int event);

    /**
     * Returns whether sending is worth a try.
     *
     * @param event its index among those collected last
     * @return also true if it would fail
     */
    boolean isWritable(int event);

    /**
     * Returns whether a receive may now give less than what there is to tell: the end of the stream, an error or an urgent mark
     * comes behind it.
     *
     * @param event its index among those collected last
     * @return also true where the interface does not tell
     */
    default boolean mayStopShort(int event) {
        return true;
    }

    /**
     * Returns the error of a socket that telling of it has taken away from the kernel.
     *
     * @param event its index among those collected last
     * @return an errno; 0 for none
     */
    default int takenError(int event) {
        return 0;
    }

    /**
     * Returns whether the last {@link #await} may have dropped edges of added descriptors, for want of room. What it may not drop are
     * events of {@link #arm}.
     *
     * @return false where the interface keeps what it has no room for
     */
    default boolean mayHaveLostEdges() {
        return false;
    }

    /** Ends the current or the next {@link #await}. After {@link #close} it does nothing. */
    void wake();

    /** Gives everything back to the kernel. */
    void close();
}
