package io.amphio.interop.across;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.MixConformance;

/** Of two tasks that meet, one is a blocking one, and the other runs on an event loop. */
class BlockingWithEventedTest extends MixConformance {
    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("blocking").with("async-limit", "100000"));
    }

    @Override
    protected IoRuntime newOtherRuntime() {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "2"));
    }
}
