/**
 * PostgreSQL, by the C library libpq on the event loops of an {@link io.amphio.Io}: {@link io.amphio.interop.libpq.PgConnection}.
 *
 * <p>Needs {@code libpq.so.5} of PostgreSQL 14 or later (Debian: {@code libpq5}) and native access.
 */
@NullMarked
package io.amphio.interop.libpq;

import org.jspecify.annotations.NullMarked;
