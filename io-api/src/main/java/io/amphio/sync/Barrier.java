package io.amphio.sync;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import org.jspecify.annotations.Nullable;

/**
 * A place where a fixed number of tasks wait for each other, again and again.
 *
 * <p>A party that is canceled or times out leaves, and is not counted any more; the others go on waiting for one in its place.
 *
 * <pre>
 *   arrived   event                         next     and then
 *   -------   ---------------------------   ------   ---------------------------------------------------------------
 *   a         await, not the last           a + 1    queued
 *   n - 1     await, the last of n          0        it is the leader: all that are queued are marked as passed, and
 *                                                    those that can be claimed are woken
 *   a         a cancel, or a deadline       a - 1    its arm was not marked: it leaves and throws
 *   any       a cancel, or a deadline       same     its arm was marked: the barrier opened first. It returns as if
 *                                                    woken, and a request stays pending
 * </pre>
 *
 * <p>All of it is done under the source lock, a leaving party's look at its mark too. So exactly n parties pass each time: who
 * was counted passes, and who leaves was not counted.
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits.<br>
 * <b>Memory:</b> what a party did before {@link #await} happens-before the return of every {@code await} of the same round.<br>
 * <b>Select:</b> there is no arm for it: a select that takes another arm in the very moment in which the barrier opens would
 * have been counted, and not have passed.
 */
public final class Barrier {
    private final int parties;
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private int arrived; // how many are queued; @GuardedBy("lock")

    /**
     * Creates a barrier.
     *
     * @param parties how many tasks wait for each other, at least 1
     * @throws IllegalArgumentException if {@code parties} is below 1
     */
    public Barrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("a barrier for " + parties + " parties: at least 1");
        }
        this.parties = parties;
    }

    /** Returns how many tasks wait for each other. */
    public int parties() {
        return parties;
    }

    /** Waits until all parties have come, however long that takes, as {@link #await(Io, Timeout)} does. Cancellation point. */
    public boolean await(Io io) {
        return await(io, Timeout.NONE);
    }

    /**
     * Waits until all parties have come.
     *
     * <p>Cancellation point: if it throws, the caller was not counted.
     *
     * @param io who waits
     * @param timeout how long to wait
     * @return whether the caller is the leader: the party that came last, of which there is one each time
     * @throws io.amphio.CanceledException if the current task was canceled before all parties had come
     * @throws io.amphio.TimedOutException if {@code timeout} passed first
     */
    public boolean await(Io io, Timeout timeout) {
        Task task = Waits.begin(io, timeout, "await of barrier");
        long startedNanos = timeout.isNone() ? 0 : io.clock().nanoTime();
        Arrival arrival = new Arrival();
        Waits.End end = Waits.awaitEnd(io, arrival, Waits.deadline(io, timeout).nanos(), true);
        if (!arrival.passed) { // no longer written: who marks arms does so under the lock, while they are queued
            Waits.requireHappened(end, io, task, arrival, startedNanos);
        }
        return arrival.leads;
    }

    private final class Arrival extends Arm {
        private boolean passed; // @GuardedBy("lock") while queued, then owned by the waiting thread
        private boolean leads; // written by the waiting thread

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (arrived + 1 < parties) {
                return null;
            }
            passed = true;
            leads = true;
            arrived = 0;
            Woken woken = new Woken();
            while (queue.poll() instanceof Arrival other) {
                other.passed = true;
                if (other.claim()) {
                    woken.add(other.waiter());
                }
            }
            return woken.chain();
        }

        @Override
        protected void enqueue() {
            queue.add(this);
            arrived++;
        }

        @Override
        protected Waiter dequeue() {
            if (!passed) {
                arrived--;
            }
            return super.dequeue();
        }

        @Override
        public String describe() {
            return "await of barrier (" + parties + " parties)";
        }
    }

    @Override
    public String toString() {
        return "Barrier[" + parties + " parties]";
    }
}
