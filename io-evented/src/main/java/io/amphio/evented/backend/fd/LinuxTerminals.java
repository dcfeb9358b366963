package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.console.StandardStream;
import io.amphio.console.TerminalSize;
import io.amphio.console.Terminals;
import io.amphio.evented.ffi.LinuxLibC;
import io.vavr.control.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Terminals as the kernel of Linux knows them: only a terminal has the size of a window. One that has never been told
 * its size says 0, and then the variables of the shell count.
 */
final class LinuxTerminals implements Terminals {
    static final LinuxTerminals INSTANCE = new LinuxTerminals();

    private static final long WINSIZE_BYTES = 8; // rows, columns, and two that nobody fills

    private LinuxTerminals() {}

    @Override
    public boolean isTerminal(StandardStream which) {
        try (Arena arena = Arena.ofConfined()) {
            return LinuxLibC.windowSize(
                            which.number(), arena.allocate(WINSIZE_BYTES, 8).address())
                    >= 0;
        }
    }

    @Override
    public Option<TerminalSize> size() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE_BYTES, 8);
            for (StandardStream each : new StandardStream[] {StandardStream.OUTPUT, StandardStream.ERROR}) {
                if (LinuxLibC.windowSize(each.number(), size.address()) >= 0) {
                    int columns = Short.toUnsignedInt(size.get(JAVA_SHORT, 2));
                    return columns == 0
                            ? OF_JDK.size()
                            : Option.of(new TerminalSize(columns, Short.toUnsignedInt(size.get(JAVA_SHORT, 0))));
                }
            }
        }
        return Option.none();
    }
}
