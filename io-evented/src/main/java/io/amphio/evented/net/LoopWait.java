package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.evented.loop.Completion;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopHandle;
import io.amphio.evented.loop.Poll;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/**
 * One operation on an event loop, and the task that waits for it.
 *
 * <pre>
 *   state     event                          next      and then
 *   -------   ----------------------------   -------   --------------------------------------------------------
 *   running   the callback                   ended     the waiter is claimed and woken
 *   running   a cancel, or the deadline      running   the loop is asked to end it, and the task waits on, for just
 *                                                      that: nothing of the operation is left when it throws
 *   ended     a wait begins                  ended     over at once
 * </pre>
 *
 * <p>The callback and a wait that begins take the same lock, so the one finds the other.
 */
final class LoopWait {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private final Object what; // by its toString, should somebody ask
    private boolean ended; // @GuardedBy("lock")

    /**
     * Creates one.
     *
     * @param what what is waited for, by its {@code toString}
     */
    LoopWait(Object what) {
        this.what = what;
    }

    /** The loop's thread: the operation has ended. */
    void end() {
        Waiter woken;
        lock.acquire();
        try {
            ended = true;
            woken = queue.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /**
     * Submits {@code completion}, whose callback calls {@link #end}, and waits until it has ended. A cancellation point; the
     * operation has ended in any case.
     */
    void await(Io io, EventLoop loop, Completion completion, Timeout timeout) {
        loop.submit(completion.movable()); // its callback only wakes the task
        try {
            Waits.await(io, new Ended(), timeout);
        } catch (Throwable given) { // a cancel, the deadline; or an io whose timers are gone, say
            loop.cancel(completion);
            Waits.awaitUncanceled(new Ended());
            throw given;
        }
    }

    /** Waits until a try on {@code handle} is worth it; also where that was closed meanwhile, as the try then says so. */
    static void untilReady(
            Io io, EventLoop loop, LoopHandle handle, Poll.Readiness readiness, Object what, Timeout timeout) {
        LoopWait wait = new LoopWait(what);
        try {
            wait.await(io, loop, new Poll(handle, readiness, ended -> wait.end()), timeout);
        } catch (IllegalStateException refused) {
            if (!handle.isClosed()) {
                throw refused;
            } // the runtime was closed between the try and this, first its sockets and then its loops
        }
    }

    /** Submits {@code completion} and waits until it has ended, whatever is requested meanwhile. */
    void awaitUncanceled(EventLoop loop, Completion completion) {
        loop.submit(completion.movable()); // its callback only wakes the task
        Waits.awaitUncanceled(new Ended());
    }

    private final class Ended extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return ended ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            queue.add(this);
        }

        @Override
        public String describe() {
            return what.toString();
        }
    }
}
