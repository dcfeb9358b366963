/** The {@code Io} that blocks platform threads. */
@NullMarked
package io.amphio.blocking;

import org.jspecify.annotations.NullMarked;
