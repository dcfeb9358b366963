/** JDBC, which blocks threads, for tasks, which must not. */
@NullMarked
package io.amphio.interop.jdbc;

import org.jspecify.annotations.NullMarked;
