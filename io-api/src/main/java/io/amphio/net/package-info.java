/** Sockets: handles that belong to the {@link io.amphio.Io} that opened them and may be used from any task. */
@NullMarked
package io.amphio.net;

import org.jspecify.annotations.NullMarked;
