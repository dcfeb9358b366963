package io.amphio.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The lock of one source of wake-ups: held for a few dozen instructions, never across a park.
 *
 * <pre>
 *   held   event       next   and then
 *   ----   ---------   ----   -------------------------------------------
 *   0      acquire()   1      the caller has the lock
 *   1      acquire()   1      the caller spins until it finds 0
 *   1      release()   0      everything done so far is seen by the next holder
 * </pre>
 *
 * <p>It spins and does not park, because a lock that parks would need the very wait protocol that stands on it. A virtual
 * thread never yields while it spins: it could hold another lock (a {@code Select} takes several), and a loop thread that
 * spins on that one would then wait for a task that waits for this loop. For the same reason nothing may unmount a virtual
 * thread while it holds the lock: no park, no monitor, no I/O, no foreign code between {@link #acquire} and {@link #release}.
 *
 * <p>Who needs several locks takes them in the order of {@link #id}.
 */
public final class SourceLock {
    private static final AtomicLong IDS = new AtomicLong();
    private static final VarHandle HELD;
    private static final VarHandle ID;
    private static final int SPINS_BEFORE_YIELD = 200;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SourceLock.class, "held", int.class);
            ID = MethodHandles.lookup().findVarHandle(SourceLock.class, "id", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through HELD
    private volatile int held;

    private volatile long id; // 0 until somebody asks: most sources never meet a Select

    /** Creates a lock that nobody holds. */
    public SourceLock() {}

    /** Takes the lock, spinning while another thread holds it. Not reentrant. */
    public void acquire() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            acquireContended();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the yield is a kindness to the holder, nothing relies on it
    private void acquireContended() {
        for (int spins = 0; ; spins++) {
            if (held == 0 && HELD.compareAndSet(this, 0, 1)) {
                return;
            }
            Thread.onSpinWait();
            // The holder may have been descheduled by the system; only a platform thread may give its core away.
            if (spins >= SPINS_BEFORE_YIELD && !Thread.currentThread().isVirtual()) {
                Thread.yield();
            }
        }
    }

    /** Gives the lock back; only its holder may. */
    public void release() {
        HELD.setRelease(this, 0); // pairs with the compare-and-set of the next acquire
    }

    /** Returns the place of this lock in the order in which several are taken. */
    public long id() {
        long known = id;
        if (known != 0) {
            return known;
        }
        ID.compareAndSet(this, 0L, IDS.incrementAndGet());
        return id;
    }
}
