/**
 * The system's C library: calls, numbers and struct layouts. The only package that sees JNA.
 *
 * <p>Calls go through JNA's direct mapping with primitives alone, an address being a {@code long}; memory is read and
 * written through {@link java.lang.foreign.MemorySegment}. What depends on the system or the processor is plain data that an
 * {@link io.amphio.evented.ffi.Abi} chooses, so it can be tested on any machine.
 */
@NullMarked
package io.amphio.evented.ffi;

import org.jspecify.annotations.NullMarked;
