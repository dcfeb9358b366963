/** Sockets and pipes for tasks: the handles of event loops, waited for by the wait protocol. */
@NullMarked
package io.amphio.evented.net;

import org.jspecify.annotations.NullMarked;
