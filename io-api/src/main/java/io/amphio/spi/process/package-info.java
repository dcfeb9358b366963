/** What implementations share of processes and signals. */
@NullMarked
package io.amphio.spi.process;

import org.jspecify.annotations.NullMarked;
