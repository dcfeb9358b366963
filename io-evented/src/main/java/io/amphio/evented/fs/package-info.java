/** Files for tasks: the files of event loops, waited for by the wait protocol. */
@NullMarked
package io.amphio.evented.fs;

import org.jspecify.annotations.NullMarked;
