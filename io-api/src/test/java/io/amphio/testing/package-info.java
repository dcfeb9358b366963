/** What the tests of this module run on: the smallest {@code Io} there can be. */
@NullMarked
package io.amphio.testing;

import org.jspecify.annotations.NullMarked;
