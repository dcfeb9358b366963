/** JUnit 5: tests that ask for an {@link io.amphio.Io}. */
@NullMarked
package io.amphio.interop.junit;

import org.jspecify.annotations.NullMarked;
