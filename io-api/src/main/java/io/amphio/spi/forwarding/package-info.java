/** For who puts an {@code Io} of another kind around one: above all that an {@code Io} has, so no part of it needs this. */
@NullMarked
package io.amphio.spi.forwarding;

import org.jspecify.annotations.NullMarked;
