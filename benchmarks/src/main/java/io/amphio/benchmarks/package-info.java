/** Benchmarks: what a user would measure, run by {@code ./bench} against the peers in {@link io.amphio.benchmarks.peers}. */
@NullMarked
package io.amphio.benchmarks;

import org.jspecify.annotations.NullMarked;
