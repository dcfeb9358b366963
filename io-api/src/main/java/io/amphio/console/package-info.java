/** Standard input and output, and the terminal they may be. */
@NullMarked
package io.amphio.console;

import org.jspecify.annotations.NullMarked;
