package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The evented {@code Io} on one loop, where nothing runs while somebody hogs it. */
@ParameterizedClass
@MethodSource("io.amphio.evented.TestBackends#names")
class OneLoopConformanceTest extends IoConformance {
    @Parameter
    String backend;

    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "1").with("backend", backend));
    }
}
