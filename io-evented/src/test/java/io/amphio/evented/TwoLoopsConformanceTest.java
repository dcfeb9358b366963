package io.amphio.evented;

import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.conformance.IoConformance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The evented {@code Io} on two loops, between which tasks move. */
@ParameterizedClass
@MethodSource("io.amphio.evented.TestBackends#names")
class TwoLoopsConformanceTest extends IoConformance {
    @Parameter
    String backend;

    @Override
    protected IoRuntime newRuntime() {
        return IoRuntime.open(IoOptions.of("evented").with("loops", "2").with("backend", backend));
    }
}
