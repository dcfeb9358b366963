package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;

/** The evented {@code Io} on two loops, between which tasks move. */
class TwoLoopsConformanceTest extends IoConformance {
    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "2"));
    }
}
