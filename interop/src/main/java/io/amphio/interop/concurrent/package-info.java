/** {@code java.util.concurrent} and an {@link io.amphio.Io}: stages and futures, executors and threads, locks. */
@NullMarked
package io.amphio.interop.concurrent;

import org.jspecify.annotations.NullMarked;
