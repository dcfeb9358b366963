package io.amphio.spi;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Chance as this machine has it, without waiting.
 *
 * <p>What the JDK takes by default for secrets reads its seed from {@code /dev/random} on some systems, which may wait for as long
 * as it likes, and holds its lock meanwhile: a loop that asked would stop. The variant taken here reads {@code /dev/urandom} for
 * that too, which since its start has had enough for ever. It is found, and asked for a first byte, by who opens an
 * {@code Io}, as that reads files and loads classes.
 *
 * <p><b>Threads:</b> any, at once.
 */
public final class SystemChance {
    /** For everything but secrets: whichever thread asks has its own, which a coroutine finds wherever it runs. */
    public static final RandomGenerator RANDOM = new RandomGenerator() {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }

        @Override
        public String toString() {
            return "SystemChance.RANDOM";
        }
    };

    private static final class Secure {
        static final SecureRandom RANDOM = open();

        private static SecureRandom open() {
            SecureRandom random;
            try {
                random = SecureRandom.getInstance("NativePRNGNonBlocking"); // where there is a /dev/urandom
            } catch (NoSuchAlgorithmException elsewhere) {
                random = new SecureRandom(); // on Windows, the system call, which does not wait
            }
            random.nextBytes(new byte[1]); // or the first to need it would wait for its seed
            return random;
        }
    }

    private SystemChance() {}

    /** Returns that for secrets; slow the first time. */
    public static SecureRandom secure() {
        return Secure.RANDOM;
    }
}
