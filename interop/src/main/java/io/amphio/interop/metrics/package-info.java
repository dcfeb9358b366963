/** What a runtime has counted, as Micrometer's meters. */
@NullMarked
package io.amphio.interop.metrics;

import org.jspecify.annotations.NullMarked;
