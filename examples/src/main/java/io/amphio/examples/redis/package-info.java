/** A server that speaks the protocol of Redis, in the space of a few small files. */
@NullMarked
package io.amphio.examples.redis;

import org.jspecify.annotations.NullMarked;
