/** The backend of macOS and FreeBSD: readiness by edge-triggered kqueue. */
@NullMarked
package io.amphio.evented.backend.kqueue;

import org.jspecify.annotations.NullMarked;
