package io.amphio.blocking;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Each platform thread's own selector, kept from one wait to the next: opening one costs three system calls and two
 * descriptors, registering with a new one another.
 *
 * <p>Threads of ours close theirs when they end. A thread of somebody else does not tell when it ends: the selector that it
 * leaves is taken over by the next thread that needs one, so there are never more than there were such threads at once.
 *
 * <p><b>Threads:</b> every method may be called from any platform thread.
 */
final class ThreadSelectors {
    private record Owned(Thread owner, OwnedSelector selector) {}

    @SuppressWarnings("ThreadLocalUsage") // one for each Io: a thread may wait in several, and each closes its own
    private final ThreadLocal<@Nullable OwnedSelector> own = new ThreadLocal<>();

    private final List<Owned> all = new ArrayList<>(); // @GuardedBy("this")

    /** Returns the current thread's selector. */
    OwnedSelector current() throws IOException {
        OwnedSelector known = own.get();
        if (known != null && known.isOpen()) {
            return known;
        }
        OwnedSelector taken = takeOverOrOpen();
        own.set(taken);
        return taken;
    }

    private synchronized OwnedSelector takeOverOrOpen() throws IOException {
        Owned orphan = null;
        for (Owned owned : all) {
            if (!owned.owner.isAlive()) { // what the dead thread did to it happened before this was seen
                orphan = owned;
                break;
            }
        }
        all.remove(orphan);
        OwnedSelector taken = orphan != null ? orphan.selector : new OwnedSelector();
        all.add(new Owned(Thread.currentThread(), taken));
        return taken;
    }

    /** Closes the current thread's selector, if it has one. */
    void endOfThread() {
        OwnedSelector known = own.get();
        if (known != null) {
            own.remove();
            synchronized (this) {
                all.removeIf(owned -> owned.selector == known);
            }
            known.close();
        }
    }

    /** Closes all; call it when nobody waits in one any more, or will. */
    synchronized void close() {
        for (Owned owned : all) {
            owned.selector.close();
        }
        all.clear();
    }
}
