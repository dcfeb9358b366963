package io.amphio.evented.net;

import io.amphio.evented.loop.LoopHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets of one {@code EventedIo} that are open, so that its close leaves none behind.
 *
 * <p><b>Threads:</b> any. None is missed: who adds one looks at {@link #closed} afterwards, and {@link #closeAll} sets it before it
 * takes what has been added.
 */
final class OpenHandles {
    private final Set<LoopHandle> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by closeAll

    /**
     * Adds a handle that was opened just now.
     *
     * @throws IllegalStateException if the runtime is closed; the handle is closed then
     */
    void add(String operation, LoopHandle handle) {
        open.add(handle);
        if (closed) {
            close(handle);
            throw new IllegalStateException(operation + ": the runtime is closed (evented)");
        }
    }

    void close(LoopHandle handle) {
        handle.close();
        open.remove(handle);
    }

    void closeAll() {
        closed = true;
        open.forEach(this::close);
    }
}
