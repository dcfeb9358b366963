/** One {@code Io} for a program, and what its tasks return, group and select. */
@NullMarked
package io.amphio;

import org.jspecify.annotations.NullMarked;
