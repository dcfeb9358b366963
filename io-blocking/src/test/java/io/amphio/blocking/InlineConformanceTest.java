package io.amphio.blocking;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;

/** The blocking {@code Io} where each {@code async} runs in its caller. */
class InlineConformanceTest extends IoConformance {
    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("blocking").with("async-limit", "0"));
    }
}
