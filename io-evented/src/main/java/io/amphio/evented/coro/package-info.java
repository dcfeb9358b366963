/** Coroutines: virtual threads whose carrier the caller chooses. Usable alone. */
@NullMarked
package io.amphio.evented.coro;

import org.jspecify.annotations.NullMarked;
