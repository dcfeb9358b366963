package io.amphio.console;

import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Terminals without native code. Linux tells by a name what each stream is; the JDK tells of standard input and output only together. Nobody
 * tells the size but a shell, if it has been told to export its variables.
 */
final class JdkTerminals implements Terminals {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Override
    @SuppressWarnings("SystemConsoleNull") // it is null again since 25, and before that where a property says so
    public boolean isTerminal(StandardStream which) {
        if (Files.isDirectory(DESCRIPTORS)) {
            try {
                return isName(Files.readSymbolicLink(DESCRIPTORS.resolve("" + which.number()))
                        .toString());
            } catch (IOException closed) {
                return false;
            }
        }
        java.io.Console both = System.console();
        return which != StandardStream.ERROR && both != null && both.isTerminal();
    }

    /** Returns whether {@code name} is that of a terminal. */
    static boolean isName(String name) {
        return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
    }

    @Override
    public Option<TerminalSize> size() {
        if (!isTerminal(StandardStream.OUTPUT) && !isTerminal(StandardStream.ERROR)) {
            return Option.none();
        }
        return sizeOf(System::getenv);
    }

    static Option<TerminalSize> sizeOf(UnaryOperator<@Nullable String> variables) {
        int columns = number(variables.apply("COLUMNS"));
        return columns == 0 ? Option.none() : Option.of(new TerminalSize(columns, number(variables.apply("LINES"))));
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Math.max(0, Integer.parseInt(text.strip()));
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }
}
