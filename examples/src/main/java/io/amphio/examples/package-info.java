/** Small programs to copy, started by {@code ./demo NAME}. */
@NullMarked
package io.amphio.examples;

import org.jspecify.annotations.NullMarked;
