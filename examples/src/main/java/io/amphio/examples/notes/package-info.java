/** A service that keeps notes: HTTP on the chosen {@code Io}, JDBC on the blocking one. */
@NullMarked
package io.amphio.examples.notes;

import org.jspecify.annotations.NullMarked;
