/** Bytes: what can be read and written, buffered readers and writers, and the buffers in between. */
@NullMarked
package io.amphio.stream;

import org.jspecify.annotations.NullMarked;
