/** HTTP/1.1 on any {@code Io}. */
@NullMarked
package io.amphio.interop.http;

import org.jspecify.annotations.NullMarked;
