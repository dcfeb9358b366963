/** The backend of Linux that every kernel has: readiness by edge-triggered epoll. */
@NullMarked
package io.amphio.evented.backend.epoll;

import org.jspecify.annotations.NullMarked;
