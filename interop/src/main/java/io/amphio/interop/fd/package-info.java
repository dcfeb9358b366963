/**
 * Descriptors that belong to somebody else: {@link io.amphio.interop.fd.FdWatcher} is what the event hooks of C libraries ask
 * for, on the loops of an {@link io.amphio.Io}.
 */
@NullMarked
package io.amphio.interop.fd;

import org.jspecify.annotations.NullMarked;
