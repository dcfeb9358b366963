/** Directories and files by calls that wait for the system: what the implementations of {@code io.amphio.fs} share. */
@NullMarked
package io.amphio.spi.files;

import org.jspecify.annotations.NullMarked;
