package io.amphio.console;

import io.amphio.stream.Readable;
import io.amphio.stream.Writable;
import io.vavr.control.Option;

/** A console of three streams. */
record StreamConsole(Readable input, Writable output, Writable error, Terminals terminals) implements Console {
    @Override
    public boolean isTerminal(StandardStream which) {
        return terminals.isTerminal(which);
    }

    @Override
    public Option<TerminalSize> size() {
        return terminals.size();
    }
}
