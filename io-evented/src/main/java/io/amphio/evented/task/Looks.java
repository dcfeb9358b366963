package io.amphio.evented.task;

/**
 * What the watchdog makes of the pulse of one worker, look by look.
 *
 * <pre>
 *   state    what a look finds                                                   next     and then
 *   ------   -----------------------------------------------------------------   ------   -------------------------------
 *   moving   no pulse yet, another pulse, or the loop is in a call to the kernel    moving
 *   moving   the same pulse, {@value #UNTIL_STUCK} looks in a row                          stuck    a spare is to stand in
 *   stuck    the same pulse, {@value #UNTIL_TOLD} looks more                               stuck    it is to be told, once
 *   stuck    as the first                                                        moving   it has come back
 * </pre>
 *
 * <p>It counts looks and not time, so a pause of the whole process counts as one.
 *
 * <p><b>Threads:</b> the watchdog's.
 */
final class Looks {
    static final int UNTIL_STUCK = 4;

    /**
     * How many looks more before it is told: five times as long in all. A spare is no trouble to anybody, a warning is; and on a
     * machine that has too much to do a thread may get no processor for a while.
     */
    static final int UNTIL_TOLD = 4 * UNTIL_STUCK;

    private long pulse;
    private int same; // looks in a row that found it

    /**
     * Looks.
     *
     * @param now the pulse; 0 if the worker has not begun, and so has nothing to be stuck in
     * @param inKernel whether its loop is in a call to the kernel
     */
    void look(long now, boolean inKernel) {
        if (now == 0 || now != pulse || inKernel) {
            pulse = now;
            same = 0;
        } else {
            same++;
        }
    }

    boolean isStuck() {
        return same >= UNTIL_STUCK;
    }

    boolean isToBeTold() {
        return same >= UNTIL_STUCK + UNTIL_TOLD;
    }

    /** Returns whether that is still the pulse: the worker may have moved since the look. */
    boolean isStill(long now, boolean inKernel) {
        return now == pulse && !inKernel;
    }

    /** Returns how many looks have found that pulse, the first one included. */
    int count() {
        return same;
    }
}
