package io.amphio.spi;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.time.Deadline;
import java.time.Duration;

/** The pauses of one task between tries of what nothing tells when it is possible: longer each time, and none past its deadline. */
public final class Backoff {
    private static final long FIRST_MILLIS = 1;
    private static final long LONGEST_MILLIS = 50;

    private final Io io;
    private final Deadline last;
    private final String what;
    private final long startedNanos;
    private long millis = FIRST_MILLIS;

    /**
     * Begins; the deadline counts from now.
     *
     * @param io who waits
     * @param timeout how long all tries may take
     * @param what what they are for, for the message
     */
    public Backoff(Io io, Timeout timeout, String what) {
        this.io = io;
        this.last = Waits.deadline(io, timeout);
        this.what = what;
        this.startedNanos = io.clock().nanoTime();
    }

    /**
     * Waits for a while. Cancellation point.
     *
     * @throws io.amphio.TimedOutException if the deadline has passed
     */
    public void pause() {
        if (last.isPassed(io.clock())) {
            throw Waits.timedOut(what, io.clock().nanoTime() - startedNanos);
        }
        Deadline next = io.clock().deadlineAfter(Duration.ofMillis(millis));
        Waits.sleep(io, next.compareTo(last) < 0 ? next : last);
        millis = Math.min(2 * millis, LONGEST_MILLIS);
    }
}
