/** A log that nobody who logs waits for. */
@NullMarked
package io.amphio.logging;

import org.jspecify.annotations.NullMarked;
