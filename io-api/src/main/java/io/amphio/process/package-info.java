/** Other programs, started and waited for, and the signals that this one gets. */
@NullMarked
package io.amphio.process;

import org.jspecify.annotations.NullMarked;
