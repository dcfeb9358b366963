/** {@code java.io} and {@code java.nio.channels}, and our streams. */
@NullMarked
package io.amphio.interop.streams;

import org.jspecify.annotations.NullMarked;
