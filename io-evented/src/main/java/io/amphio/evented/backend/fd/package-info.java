/**
 * What backends share whose descriptors are numbers of a Unix kernel: the sockets, and the engine that makes completions of
 * readiness. The calls go through {@link io.amphio.evented.ffi}.
 */
@NullMarked
package io.amphio.evented.backend.fd;

import org.jspecify.annotations.NullMarked;
