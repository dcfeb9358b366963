/** The backend that works on every JVM: non-blocking channels and a {@link java.nio.channels.Selector}. */
@NullMarked
package io.amphio.evented.backend.nio;

import org.jspecify.annotations.NullMarked;
