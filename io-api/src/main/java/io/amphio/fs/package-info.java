/** Files: opened by an {@link io.amphio.Io}, read and written at positions. */
@NullMarked
package io.amphio.fs;

import org.jspecify.annotations.NullMarked;
