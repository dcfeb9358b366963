package io.amphio.evented.dns;

import java.io.IOException;
import org.xbill.DNS.Name;

/**
 * The library that reads and writes messages, and what it brings along: it logs by slf4j, which prints a warning of three lines where
 * nothing is there to log by.
 *
 * <p>A program that never asked for slf4j would hear it from its first lookup. So slf4j is told to be quiet while the library starts, and
 * only if there is no provider that it could find, and the program has not said itself ({@code slf4j.internal.verbosity}) what
 * it wants to hear.
 */
final class Dnsjava {
    private static final String VERBOSITY = "slf4j.internal.verbosity";
    private static final String PROVIDERS = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    private Dnsjava() {}

    /** Starts it, once. To be called before anything else of it is. */
    static void prepare() {
        Started.touch();
    }

    /** Its initializer is what starts the library, and locks out whoever comes meanwhile. */
    private static final class Started {
        static {
            boolean isQuiet = System.getProperty(VERBOSITY) == null && !hasProvider();
            if (isQuiet) {
                System.setProperty(VERBOSITY, "ERROR");
            }
            try {
                Class.forName(Name.class.getName()); // which makes a logger, and with it slf4j looks for a provider
            } catch (ClassNotFoundException impossible) {
                throw new AssertionError(impossible);
            } finally {
                if (isQuiet) {
                    System.clearProperty(VERBOSITY);
                }
            }
        }

        static void touch() {}
    }

    private static boolean hasProvider() {
        if (System.getProperty("slf4j.provider") != null) {
            return true;
        }
        ClassLoader loader = Name.class.getClassLoader();
        try {
            return loader != null && loader.getResources(PROVIDERS).hasMoreElements();
        } catch (IOException unreadable) {
            return true; // as far as we know
        }
    }
}
