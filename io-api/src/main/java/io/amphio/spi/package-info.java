/** What implementations of {@link io.amphio.Io} and authors of new synchronizers need: the wait protocol. */
@NullMarked
package io.amphio.spi;

import org.jspecify.annotations.NullMarked;
