package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;

/** The evented {@code Io} on one loop, where nothing runs while somebody hogs it. */
class OneLoopConformanceTest extends IoConformance {
    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "1"));
    }
}
