/** A kernel that is not there: sockets in memory, time that passes only when nothing else can happen, and chosen chances. */
@NullMarked
package io.amphio.evented.backend.sim;

import org.jspecify.annotations.NullMarked;
