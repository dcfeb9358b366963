/** What implementations of {@link io.amphio.net.Resolver} share: names that need no server, the order of addresses, the system's resolver. */
@NullMarked
package io.amphio.spi.names;

import org.jspecify.annotations.NullMarked;
