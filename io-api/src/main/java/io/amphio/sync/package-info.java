/** Locks, events and channels that tasks of any {@link io.amphio.Io}, and plain threads, may share. */
@NullMarked
package io.amphio.sync;

import org.jspecify.annotations.NullMarked;
