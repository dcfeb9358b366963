/** How C libraries are found and called, and how what belongs to them is named to them. */
@NullMarked
package io.amphio.interop.clib;

import org.jspecify.annotations.NullMarked;
