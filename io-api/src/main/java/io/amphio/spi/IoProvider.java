package io.amphio.spi;

import io.amphio.Io;
import io.amphio.IoOptions;
import java.time.Duration;

/**
 * An implementation of {@link Io} that can be chosen at start-up, found through {@link java.util.ServiceLoader}.
 *
 * <p>Register it in both ways: {@code provides} in the module descriptor and a file under {@code META-INF/services}.
 */
public interface IoProvider {
    /** Returns the name to choose it by, in lower case. */
    String name();

    /** Returns whether this is to be used where the program and its user name none; one of those found says yes. */
    boolean isDefault();

    /**
     * Opens an {@code Io}.
     *
     * @throws IllegalArgumentException if an option has a value this implementation does not know; the message lists those
     *     it does
     */
    Instance open(IoOptions options);

    /** One {@code Io} that was opened. */
    interface Instance {
        /** Returns it. */
        Io io();

        /**
         * Cancels all tasks, waits for them to end, and gives back all threads and handles. Idempotent.
         *
         * <p>After {@code grace} the request is repeated, once; tasks that then still run after another {@code grace} are
         * named in an exception, and not waited for any more.
         *
         * @param grace above zero
         * @throws IllegalStateException if tasks were left running; the message has their dump
         */
        void close(Duration grace);
    }
}
