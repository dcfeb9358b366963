/** Single operations under JMH, all within a task of an event loop. */
@NullMarked
package io.amphio.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
