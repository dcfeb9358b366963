package io.amphio.console;

import io.vavr.control.Option;

/** What an implementation can find out about terminals; never waits. */
public interface Terminals {
    /** As far as the JDK, the file system and the variables {@code COLUMNS} and {@code LINES} tell it. */
    Terminals OF_JDK = new JdkTerminals();

    /** There is none. */
    Terminals NONE = new Terminals() {
        @Override
        public boolean isTerminal(StandardStream which) {
            return false;
        }

        @Override
        public Option<TerminalSize> size() {
            return Option.none();
        }
    };

    /** Returns whether a stream is a terminal; false if that cannot be found out. */
    boolean isTerminal(StandardStream which);

    /** Returns the size of the terminal; none if there is none, or it cannot be found out. */
    Option<TerminalSize> size();
}
