/** What an event loop asks of a kernel interface; each interface has a package below this one. */
@NullMarked
package io.amphio.evented.backend;

import org.jspecify.annotations.NullMarked;
