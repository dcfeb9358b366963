package io.amphio.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one {@code Io} that have not ended: to cancel them all, to wait for them, to show them.
 *
 * <p>Striped, with a list in the tasks themselves, so that starting a task costs a compare-and-set and no allocation.
 */
public final class TaskRegistry {
    private static final int STRIPES = 8;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** Creates an empty registry. */
    public TaskRegistry() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private static final class Stripe {
        private final SourceLock lock = new SourceLock();
        private @Nullable BodyTask<?> newest; // @GuardedBy("lock")
        private int size; // @GuardedBy("lock")
        private boolean closed; // @GuardedBy("lock")
        private final WaitQueue drained = new WaitQueue(); // @GuardedBy("lock")
    }

    /** Adds {@code task}; false if {@link #close} came first. */
    public boolean add(BodyTask<?> task) {
        task.stripeInRegistry =
                ThreadLocalRandom.current().nextInt(STRIPES); // an identity hash costs more than all the rest
        Stripe stripe = stripes[task.stripeInRegistry];
        stripe.lock.acquire();
        try {
            if (stripe.closed) {
                return false;
            }
            BodyTask<?> before = stripe.newest;
            task.olderInRegistry = before;
            if (before != null) {
                before.newerInRegistry = task;
            }
            stripe.newest = task;
            task.registered = true;
            stripe.size++;
            return true;
        } finally {
            stripe.lock.release();
        }
    }

    /** Takes {@code task} out, if it is in. */
    public void remove(BodyTask<?> task) {
        Stripe stripe = stripes[task.stripeInRegistry];
        Waiter woken = Waiter.NOBODY;
        stripe.lock.acquire();
        try {
            if (!task.registered) {
                return;
            }
            task.registered = false;
            BodyTask<?> newer = task.newerInRegistry;
            BodyTask<?> older = task.olderInRegistry;
            if (newer == null) {
                stripe.newest = older;
            } else {
                newer.olderInRegistry = older;
            }
            if (older != null) {
                older.newerInRegistry = newer;
            }
            task.newerInRegistry = null;
            task.olderInRegistry = null;
            if (--stripe.size == 0) {
                woken = stripe.drained.pollAllClaimed();
            }
        } finally {
            stripe.lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /** Lets no more task in. */
    public void close() {
        for (Stripe stripe : stripes) {
            stripe.lock.acquire();
            stripe.closed = true;
            stripe.lock.release();
        }
    }

    /** Returns whether {@link #close} was called. */
    public boolean isClosed() {
        Stripe last = stripes[STRIPES - 1];
        last.lock.acquire();
        try {
            return last.closed;
        } finally {
            last.lock.release();
        }
    }

    /** Returns the tasks that are in now. */
    public List<BodyTask<?>> tasks() {
        List<BodyTask<?>> all = new ArrayList<>();
        for (Stripe stripe : stripes) {
            // Counted first, as nothing may be allocated at leisure while a spinning lock is held.
            BodyTask<?>[] copied = new BodyTask<?>[sizeOf(stripe) + 64];
            int count = 0;
            stripe.lock.acquire();
            try {
                for (BodyTask<?> task = stripe.newest;
                        task != null && count < copied.length;
                        task = task.olderInRegistry) {
                    copied[count++] = task;
                }
            } finally {
                stripe.lock.release();
            }
            for (int i = 0; i < count; i++) {
                all.add(copied[i]);
            }
        }
        return all;
    }

    private static int sizeOf(Stripe stripe) {
        stripe.lock.acquire();
        try {
            return stripe.size;
        } finally {
            stripe.lock.release();
        }
    }

    /**
     * Waits until no task is in, in the thread's own way; not a cancellation point. Call {@link #close} first.
     *
     * @param deadlineNanos a reading of {@link System#nanoTime}
     * @return whether none is in; false if the deadline passed first
     */
    public boolean awaitEmpty(long deadlineNanos) {
        for (Stripe stripe : stripes) {
            if (!Waits.awaitUntil(new Drained(stripe), deadlineNanos)) {
                return false;
            }
        }
        return true;
    }

    private static final class Drained extends Arm {
        private final Stripe stripe;

        Drained(Stripe stripe) {
            this.stripe = stripe;
        }

        @Override
        protected SourceLock lock() {
            return stripe.lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return stripe.size == 0 ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            stripe.drained.add(this);
        }

        @Override
        public String describe() {
            return "the end of all tasks";
        }
    }
}
