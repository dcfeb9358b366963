/** What belongs to a thread or a scope, carried into tasks. */
@NullMarked
package io.amphio.interop.context;

import org.jspecify.annotations.NullMarked;
