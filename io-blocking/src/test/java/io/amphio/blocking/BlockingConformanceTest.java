package io.amphio.blocking;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;

/** The blocking {@code Io} with threads enough for each {@code async}. */
class BlockingConformanceTest extends IoConformance {
    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("blocking").with("async-limit", "100000"));
    }
}
