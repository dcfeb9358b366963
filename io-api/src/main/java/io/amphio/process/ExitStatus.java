package io.amphio.process;

import java.util.OptionalInt;

/**
 * How a process ended.
 *
 * <p>A process that a signal ended has 128 and the number of the signal as its code, as in a shell; one that exits with such a code
 * by itself cannot be told from it.
 *
 * @param code what it exited with: 0 for success
 */
public record ExitStatus(int code) {
    private static final int SIGNALED = 128;
    private static final int LAST_SIGNAL = 64;

    /** Returns whether the code is 0. */
    public boolean isSuccess() {
        return code == 0;
    }

    /** Returns the number of the signal that ended it: 15 for TERM, 9 for KILL; none if it exited by itself. */
    public OptionalInt signal() {
        return code > SIGNALED && code <= SIGNALED + LAST_SIGNAL
                ? OptionalInt.of(code - SIGNALED)
                : OptionalInt.empty();
    }

    @Override
    public String toString() {
        OptionalInt signal = signal();
        return signal.isPresent() ? "ended by signal " + signal.getAsInt() : "exit code " + code;
    }
}
