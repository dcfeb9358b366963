/** Vavr's futures and ours. */
@NullMarked
package io.amphio.interop.vavr;

import org.jspecify.annotations.NullMarked;
