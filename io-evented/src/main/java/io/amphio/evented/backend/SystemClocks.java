package io.amphio.evented.backend;

import io.amphio.evented.backend.Backend.AlarmClock;
import io.amphio.time.Clock;
import io.amphio.time.ClockId;

/** What alarms follow, as it is read. */
public final class SystemClocks {
    private SystemClocks() {}

    /**
     * Reads one of the clocks.
     *
     * @param clock which
     * @param by who tells them
     * @return nanoseconds since 1970 for the wall clock, else since the system started
     * @throws UnsupportedOperationException if that one is not told
     */
    public static long read(AlarmClock clock, Clock by) {
        return by.read(
                switch (clock) {
                    case WALL -> ClockId.WALL;
                    case BOOT_TIME -> ClockId.BOOT;
                });
    }
}
