package io.amphio.fs;

import io.amphio.Io;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * Names that nobody has yet. They are made of the clock of the {@code Io}, so that a simulated run makes the same again; what is
 * created must be new, so one who guesses a name gains nothing but a second try.
 */
final class TemporaryNames {
    private static final int MOST_TRIES = 10_000;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L; // spreads numbers that are close to each other

    @FunctionalInterface
    interface Creation<T> {
        T create(String name) throws IOException;
    }

    private TemporaryNames() {}

    static <T> T create(Io io, String prefix, Creation<T> creation) throws IOException {
        long start = io.clock().nanoTime();
        for (int i = 1; ; i++) {
            try {
                return creation.create(prefix + Long.toUnsignedString((start + i) * GOLDEN, 36));
            } catch (FileAlreadyExistsException taken) {
                if (i == MOST_TRIES) {
                    throw taken;
                }
            }
        }
    }
}
