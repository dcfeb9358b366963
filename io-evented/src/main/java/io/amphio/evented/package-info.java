/** The {@code Io} that parks coroutines on event loops. */
@NullMarked
package io.amphio.evented;

import org.jspecify.annotations.NullMarked;
