/**
 * What every {@link io.amphio.Io} promises, as tests: an implementation extends {@link io.amphio.conformance.IoConformance}.
 */
@NullMarked
package io.amphio.conformance;

import org.jspecify.annotations.NullMarked;
