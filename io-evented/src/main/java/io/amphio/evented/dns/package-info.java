/** Names to addresses, on sockets of an {@code Io}; the only package that sees dnsjava, which reads and writes the messages. */
@NullMarked
package io.amphio.evented.dns;

import org.jspecify.annotations.NullMarked;
