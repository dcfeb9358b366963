/**
 * Redis, by the C library hiredis on the event loops of an {@link io.amphio.Io}: {@link io.amphio.interop.hiredis.RedisClient}.
 *
 * <p>Needs {@code libhiredis.so.0.14} (Debian: {@code libhiredis0.14}) and native access.
 */
@NullMarked
package io.amphio.interop.hiredis;

import org.jspecify.annotations.NullMarked;
