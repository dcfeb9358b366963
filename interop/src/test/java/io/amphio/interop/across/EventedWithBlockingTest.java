package io.amphio.interop.across;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.MixConformance;

/** Of two tasks that meet, one runs on the only event loop, and the other is a blocking one. */
class EventedWithBlockingTest extends MixConformance {
    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "1"));
    }

    @Override
    protected IoRuntime newOtherRuntime() {
        return IoRuntime.open(IoOptions.of("blocking").with("async-limit", "0"));
    }
}
