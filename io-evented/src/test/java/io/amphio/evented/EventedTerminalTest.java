package io.amphio.evented;

import io.amphio.conformance.TerminalConformance;
import java.util.List;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The evented {@code Io} in a terminal: native backends ask it for its size. */
@ParameterizedClass
@MethodSource("io.amphio.evented.TestBackends#names")
class EventedTerminalTest extends TerminalConformance {
    @Parameter
    String backend;

    @Override
    protected List<String> arguments() {
        return List.of("--io", "evented", "--backend", backend);
    }

    @Override
    protected String sizeOfTerminal() {
        return backend.equals("nio") ? "unknown" : "91x33";
    }
}
