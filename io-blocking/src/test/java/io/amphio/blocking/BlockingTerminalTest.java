package io.amphio.blocking;

import io.amphio.conformance.TerminalConformance;
import java.util.List;

/** The blocking {@code Io} in a terminal: pure Java, which is told no size. */
class BlockingTerminalTest extends TerminalConformance {
    @Override
    protected List<String> arguments() {
        return List.of("--io", "blocking");
    }

    @Override
    protected String sizeOfTerminal() {
        return "unknown";
    }
}
