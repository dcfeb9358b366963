/**
 * What the tests of races share: a clock and timers that stand still, tasks without an {@code Io}, the model checker.
 *
 * <p>A broken twin is a small copy of a class with one line wrong. The same test runs on it and must fail, or its passing on
 * the real class proves nothing.
 */
@NullMarked
package io.amphio.races;

import org.jspecify.annotations.NullMarked;
