package io.amphio.spi.process;

import io.amphio.process.ProcessSpec;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a process could not be started, in words that name the program and the reason. */
final class SpawnErrors {
    private static final Pattern NUMBER = Pattern.compile("error[:=] ?(\\d+)");
    private static final Map<Integer, String> BY_NUMBER = Map.ofEntries(
            Map.entry(1, "operation not permitted (EPERM)"),
            Map.entry(2, "no such program (ENOENT)"),
            Map.entry(7, "the arguments and the environment are too long (E2BIG)"),
            Map.entry(8, "not a program that this system can run (ENOEXEC)"),
            Map.entry(11, "no further process may be started now (EAGAIN)"),
            Map.entry(12, "out of memory (ENOMEM)"),
            Map.entry(13, "permission denied, or not a program (EACCES)"),
            Map.entry(20, "not a directory (ENOTDIR)"),
            Map.entry(23, "too many open files in the system (ENFILE)"),
            Map.entry(26, "the program is being written (ETXTBSY)"));

    private SpawnErrors() {}

    /** Returns the exception of a start that the JDK refused. */
    static IOException of(ProcessSpec spec, IOException thrown) {
        String what = "spawn " + spec.program() + ": ";
        if (thrown.getCause()
                instanceof FileNotFoundException file) { // of a redirection: "x (No such file or directory)"
            return with(new FileNotFoundException(what + file.getMessage()), thrown);
        }
        File directory = directory(spec);
        if (directory != null && !directory.isDirectory()) {
            String reason = directory.exists() ? "not a directory (ENOTDIR)" : "no such directory (ENOENT)";
            return with(new FileNotFoundException(what + "in " + directory + ": " + reason), thrown);
        }
        Integer number = number(thrown);
        String reason = number == null ? null : BY_NUMBER.get(number);
        if (reason == null) {
            return new IOException(what + thrown.getMessage(), thrown);
        }
        return reason.endsWith("(ENOENT)")
                ? with(new FileNotFoundException(what + reason), thrown)
                : new IOException(what + reason, thrown);
    }

    private static IOException with(IOException told, IOException cause) {
        told.initCause(cause);
        return told;
    }

    private static @Nullable File directory(ProcessSpec spec) {
        return spec.directory() == null ? null : spec.directory().toFile();
    }

    private static @Nullable Integer number(IOException thrown) {
        Matcher matcher = NUMBER.matcher(String.valueOf(thrown.getMessage()));
        return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
    }
}
