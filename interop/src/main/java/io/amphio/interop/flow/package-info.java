/** {@link java.util.concurrent.Flow}, and by it every reactive library, to and from channels and tasks. */
@NullMarked
package io.amphio.interop.flow;

import org.jspecify.annotations.NullMarked;
