/**
 * Event loops: operations, timers and cross-thread calls that end in callbacks, all on one thread. Usable alone; nothing
 * here knows of tasks or coroutines.
 */
@NullMarked
package io.amphio.evented.loop;

import org.jspecify.annotations.NullMarked;
