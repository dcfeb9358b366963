/** The backend on Linux's io_uring: operations and their results go through two queues that are shared with the kernel. */
@NullMarked
package io.amphio.evented.backend.uring;

import org.jspecify.annotations.NullMarked;
