/** TLS over any stream, client and server, by the JDK's engine. */
@NullMarked
package io.amphio.tls;

import org.jspecify.annotations.NullMarked;
