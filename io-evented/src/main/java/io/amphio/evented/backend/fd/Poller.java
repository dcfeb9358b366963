package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;

/**
 * A kernel interface that tells when descriptors become ready, edge by edge: what a {@link ReadinessBackend} stands on.
 *
 * <p><b>Threads:</b> {@link #wake} from any thread, everything else from the backend's.
 */
public interface Poller {
    /**
     * Adds a descriptor, in both directions. If it is ready now, that is an edge too.
     *
     * @param fd its number
     * @param token what its events carry; 0 or more
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

    /** Ends the current or the next {@link #await}. After {@link #close} it does nothing. */
    void wake();

    /** Gives everything back to the kernel. */
    void close();
}
