/** Clocks and the instants they tell. */
@NullMarked
package io.amphio.time;

import org.jspecify.annotations.NullMarked;
