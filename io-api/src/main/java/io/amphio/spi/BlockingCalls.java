package io.amphio.spi;

import io.amphio.Body;
import io.amphio.CallOptions;
import io.amphio.Io;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Code that blocks its thread, run for tasks that must not: what {@link Io#call} does, shared by the implementations.
 *
 * <p>The task itself goes to the other thread, and its own thread is parked meanwhile: what the body does with this library it
 * does as that task. So everything a task owns passes to the other thread and back, by the hand-over of the {@link Errand}.
 *
 * <p>A thread is a place, and there are so many:
 *
 * <pre>
 *   free       event           next       and then
 *   --------   -------------   --------   -----------------------------------------------------
 *   above 0    a call begins   one less   it runs
 *   0          a call begins   0          it is queued
 *   any        a body ends     the same   and a call is queued: that one gets the place, and runs
 *   any        a body ends     one more   and no call is queued
 *   any        close()         the same   all that are queued are refused, and all later ones
 * </pre>
 *
 * <p>No place is lost: a place is handed over by the claim of a queued waiter, and one that was canceled or timed out cannot be
 * claimed, so the place goes to the next, or is free.
 *
 * <p><b>Threads:</b> every method may be called from anywhere.
 */
public final class BlockingCalls {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue queue = new WaitQueue(); // @GuardedBy("lock")
    private final WaitQueue drained = new WaitQueue(); // @GuardedBy("lock")
    private final @Nullable WorkerThreads threads; // null: every body runs on its caller's thread
    private final String owner;
    private final int limit;
    private int free; // @GuardedBy("lock")
    private volatile boolean closed; // written under lock

    /**
     * Creates what runs calls.
     *
     * @param owner the name of the {@code Io}, for messages
     * @param limit how many bodies run at once on threads other than their callers', at least 1
     * @param threads where they run
     */
    public BlockingCalls(String owner, int limit, WorkerThreads threads) {
        if (limit < 1) {
            throw new IllegalArgumentException("a call limit below 1: " + limit);
        }
        this.owner = owner;
        this.limit = limit;
        this.free = limit;
        this.threads = threads;
    }

    private BlockingCalls(String owner) {
        this.owner = owner;
        this.limit = Integer.MAX_VALUE;
        this.free = limit;
        this.threads = null;
    }

    /**
     * Creates what runs every body on its caller's thread, also where that is virtual: for an {@code Io} whose threads hold
     * nobody up when they block.
     *
     * @param owner the name of the {@code Io}, for messages
     */
    public static BlockingCalls inPlace(String owner) {
        return new BlockingCalls(owner);
    }

    /** Runs {@code body} for the current task, as {@link Io#call(Io, CallOptions, Body)} says. */
    public <T extends @Nullable Object, X extends Exception> T call(Io io, CallOptions options, Body<T, X> body)
            throws X {
        Objects.requireNonNull(io, "call: io is null");
        Objects.requireNonNull(options, "call: the options are null");
        Objects.requireNonNull(body, "call: the body is null");
        Task task = Task.current();
        CallBody<T, X> called = new CallBody<>(task, options, body);
        task.requireMayWait(called);
        WorkerThreads elsewhere = threads;
        if (elsewhere == null || !Thread.currentThread().isVirtual()) {
            task.tick();
            task.checkCancel();
            requireOpen();
            called.run();
        } else {
            awaitPlace(io, options);
            runElsewhere(elsewhere, task, called);
        }
        return called.result();
    }

    private void awaitPlace(Io io, CallOptions options) {
        Place place = new Place(options);
        Waits.await(io, place, options.timeout());
        if (place.refused) {
            requireOpen();
        }
    }

    private void runElsewhere(WorkerThreads elsewhere, Task task, CallBody<?, ?> called) {
        boolean ran = false;
        task.setAway(true);
        try {
            Errand.run(elsewhere, () -> {
                try {
                    called.run();
                } finally {
                    release();
                }
            });
            ran = true;
        } finally {
            task.setAway(false);
            if (!ran) {
                release();
            }
        }
    }

    private void release() {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            Arm next = queue.pollClaimed();
            if (next != null) {
                woken = next.waiter();
            } else if (++free == limit) {
                woken = drained.pollAllClaimed();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("call: the runtime is closed (" + owner + ")");
        }
    }

    /** Lets no more calls in, and refuses those that wait for a thread. Idempotent; does not wait. */
    public void close() {
        Waiter woken;
        lock.acquire();
        try {
            closed = true;
            for (Arm arm = queue.peek(); arm != null; arm = arm.next) {
                ((Place) arm).refused = true; // before the claim, which publishes it
            }
            woken = queue.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    /**
     * Waits until no body runs on another thread than its caller's; call {@link #close} first. Not a cancellation point.
     *
     * @param deadlineNanos a reading of {@link System#nanoTime}
     * @return whether none does; false if the deadline passed first
     */
    public boolean awaitEmpty(long deadlineNanos) {
        return Waits.awaitUntil(new Drained(), deadlineNanos);
    }

    /** Returns how many bodies run on other threads than their callers', as a line for a dump; empty if none does. */
    public String describe() {
        int running;
        lock.acquire();
        try {
            running = limit - free;
        } finally {
            lock.release();
        }
        return running == 0 ? "" : "calls that run for tasks and threads of others: " + running + "\n";
    }

    /** A place, waited for by a call. */
    private final class Place extends Arm {
        private final CallOptions options;
        private boolean refused; // @GuardedBy("lock") until the waiter is claimed

        Place(CallOptions options) {
            this.options = options;
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            if (closed) {
                refused = true;
                return Waiter.NOBODY;
            }
            if (free == 0) {
                return null;
            }
            free--;
            return Waiter.NOBODY;
        }

        @Override
        protected void enqueue() {
            BlockingCalls.this.queue.add(this); // an arm has a queue of its own
        }

        @Override
        public String describe() {
            String name = options.name();
            return "call" + (name == null ? "" : " \"" + name + "\"") + ": a thread of " + owner + " (all " + limit
                    + " are busy)";
        }
    }

    private final class Drained extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return free == limit ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            drained.add(this);
        }

        @Override
        public String describe() {
            return "the end of all calls";
        }
    }
}
