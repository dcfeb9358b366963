package io.amphio.interop.concurrent;

import io.amphio.spi.Task;
import org.jspecify.annotations.Nullable;

/**
 * Stops one body, and nothing that its thread or its task does before or after it but for the request to cancel, which stays
 * pending.
 *
 * <pre>
 *   state     event     next      and then
 *   -------   -------   -------   ---------------------------------------------------
 *   OUT       begin     IN        it knows whom to stop
 *   IN        stop      IN        the task is asked to stop, its thread is interrupted
 *   IN        end       OUT       the interrupt, if it came of a stop, is cleared
 *   OUT       stop      OUT       nothing
 * </pre>
 *
 * <p>All is done under the monitor, the interrupt too: so none can reach the thread once {@link #end} has returned.
 */
final class Stopper {
    private @Nullable Thread thread; // not null while IN; @GuardedBy("this")
    private @Nullable Task task; // @GuardedBy("this")
    private boolean interrupted; // by stop; @GuardedBy("this")

    synchronized void begin() {
        thread = Thread.currentThread();
        task = Task.current();
        interrupted = false;
    }

    synchronized void end() {
        thread = null;
        task = null;
        if (interrupted) {
            Thread.interrupted();
        }
    }

    synchronized void stop() {
        if (thread != null && task != null) {
            task.requestCancel();
            interrupted = true;
            thread.interrupt();
        }
    }
}
