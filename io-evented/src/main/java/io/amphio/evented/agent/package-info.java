/** The Java agent that opens {@code java.lang} to this module. */
@NullMarked
package io.amphio.evented.agent;

import org.jspecify.annotations.NullMarked;
