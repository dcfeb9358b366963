/** Tasks on event loops: who runs next, where, and for how long. */
@NullMarked
package io.amphio.evented.task;

import org.jspecify.annotations.NullMarked;
