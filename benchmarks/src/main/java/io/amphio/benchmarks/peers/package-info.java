/** The same programs on what else there is, each as its own users would write it. */
@NullMarked
package io.amphio.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
