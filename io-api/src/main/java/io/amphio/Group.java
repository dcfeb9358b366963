package io.amphio;

import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.Task;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.vavr.CheckedFunction0;
import io.vavr.CheckedRunnable;
import io.vavr.control.Either;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that are awaited or canceled together; none outlives it, if it is opened in a {@code try}.
 *
 * <pre>
 *   members   event                         members   and then
 *   -------   ---------------------------   -------   -------------------------------------------------------------
 *   n         a task is started             n + 1     it is canceled at once while a cancel of the group goes on
 *   n &gt; 1     a member ends                 n - 1     its failure is kept; in a fail-fast group the others are canceled
 *   1         the last member ends          0         every waiter is claimed and woken
 *   0         await, cancel                 0         over at once; the group can be used again
 * </pre>
 *
 * <p>Members are counted under one lock, and a task is a member before its body can run, so no waiter can miss the last end.
 *
 * <p>A group keeps nothing of a member that has ended but the first failures, so it may live as long as a server.
 *
 * <p><b>Threads:</b> every method may be called from any task and any plain thread; also to start tasks while others wait.
 */
public final class Group implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.amphio.group");
    private static final int KEPT_FAILURES = 16;
    private static final Outcome<?> WITHDRAWN = new Outcome.Value<>("never started");

    private final boolean failFast;
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiters = new WaitQueue(); // @GuardedBy("lock")
    private @Nullable Member newest; // @GuardedBy("lock")
    private int size; // @GuardedBy("lock")
    private int cancels; // cancels that go on; @GuardedBy("lock")
    private boolean failed; // since the last await; @GuardedBy("lock")
    private final @Nullable Throwable[] failures = new Throwable[KEPT_FAILURES]; // @GuardedBy("lock")
    private int failureCount; // @GuardedBy("lock")
    private volatile @Nullable Throwable thrownByAwait;

    /** Creates an empty group whose members do not care about each other's failures. */
    public Group() {
        this(false);
    }

    private Group(boolean failFast) {
        this.failFast = failFast;
    }

    /** Creates an empty group that cancels all members when one of them fails. */
    public static Group failFast() {
        return new Group(true);
    }

    // ---------------------------------------------------------------- members

    /** Starts a member that may run meanwhile, as {@link Io#async(TaskOptions, CheckedFunction0)} does. */
    public <T extends @Nullable Object> Future<T> async(
            Io io, TaskOptions options, CheckedFunction0<? extends T> body) {
        Entry entry = new Entry();
        try {
            Future<T> future = io.async(options.whenCreated(entry::admit), body);
            entry.watch();
            return future;
        } catch (Throwable refused) {
            entry.withdraw();
            throw refused;
        }
    }

    /** Starts a member that may run meanwhile. */
    public <T extends @Nullable Object> Future<T> async(Io io, CheckedFunction0<? extends T> body) {
        return async(io, TaskOptions.DEFAULT, body);
    }

    /** Starts a member that may run meanwhile and returns nothing. */
    public Future<@Nullable Void> async(Io io, CheckedRunnable body) {
        return async(io, TaskOptions.DEFAULT, Bodies.ofVoid(body));
    }

    /** Starts a member that must run meanwhile, as {@link Io#concurrent(TaskOptions, CheckedFunction0)} does. */
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            Io io, TaskOptions options, CheckedFunction0<? extends T> body) {
        Entry entry = new Entry();
        try {
            var started = io.<T>concurrent(options.whenCreated(entry::admit), body);
            if (started.isRight()) {
                entry.watch();
            } else {
                entry.withdraw();
            }
            return started;
        } catch (Throwable refused) {
            entry.withdraw();
            throw refused;
        }
    }

    /** Starts a member that must run meanwhile. */
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            Io io, CheckedFunction0<? extends T> body) {
        return concurrent(io, TaskOptions.DEFAULT, body);
    }

    /** Starts a member that must run meanwhile and returns nothing. */
    public Either<ConcurrencyUnavailable, Future<@Nullable Void>> concurrent(Io io, CheckedRunnable body) {
        return concurrent(io, TaskOptions.DEFAULT, Bodies.ofVoid(body));
    }

    /** Starts a member that must run meanwhile and returns nothing. */
    public Either<ConcurrencyUnavailable, Future<@Nullable Void>> concurrent(
            Io io, TaskOptions options, CheckedRunnable body) {
        return concurrent(io, options, Bodies.ofVoid(body));
    }

    /** Makes a task that was started elsewhere a member. */
    public void add(Future<?> future) {
        Entry entry = new Entry();
        entry.admit(future);
        entry.watch();
    }

    /** Returns how many members have not ended. */
    public int size() {
        lock.acquire();
        try {
            return size;
        } finally {
            lock.release();
        }
    }

    /** The coming in of one member, which may still be withdrawn if its {@code Io} refuses to start it. */
    private final class Entry {
        private @Nullable Member member; // owned by the starting thread

        void admit(Future<?> future) {
            Member admitted = new Member(future);
            member = admitted;
            if (link(admitted)) {
                future.requestCancel();
            }
        }

        /** Only now, as the task of a start that was refused may end too: the caller is told of that, not the group. */
        void watch() {
            Member admitted = Objects.requireNonNull(member, "the Io did not tell of the new future");
            admitted.future.whenDone(outcome -> ended(admitted, outcome));
        }

        void withdraw() {
            Member refused = member;
            if (refused != null) {
                ended(refused, WITHDRAWN);
            }
        }
    }

    private static final class Member {
        private final Future<?> future;
        private boolean linked; // this and the links: @GuardedBy the group's lock
        private @Nullable Member newer;
        private @Nullable Member older;

        Member(Future<?> future) {
            this.future = future;
        }
    }

    /** Returns whether the new member is to be canceled at once. */
    private boolean link(Member member) {
        lock.acquire();
        try {
            Member before = newest;
            member.older = before;
            if (before != null) {
                before.newer = member;
            }
            newest = member;
            member.linked = true;
            size++;
            return cancels > 0 || (failFast && failed);
        } finally {
            lock.release();
        }
    }

    private void ended(Member member, Outcome<?> outcome) {
        Waiter woken = Waiter.NOBODY;
        boolean cancelOthers = false;
        lock.acquire();
        try {
            if (!member.linked) {
                return;
            }
            unlink(member);
            if (outcome instanceof Outcome.Failure<?>(Throwable thrown)) {
                cancelOthers = failFast && !failed;
                failed = true;
                if (failureCount < KEPT_FAILURES) {
                    failures[failureCount++] = thrown;
                }
            }
            if (size == 0) {
                woken = waiters.pollAllClaimed();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        if (cancelOthers) {
            requestCancel();
        }
    }

    private void unlink(Member member) {
        Member newer = member.newer;
        Member older = member.older;
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        if (older != null) {
            older.newer = newer;
        }
        member.newer = null;
        member.older = null;
        member.linked = false;
        size--;
    }

    // ---------------------------------------------------------------- all together

    /**
     * Waits until no member is left, those that are started meanwhile included. The group can then be used again.
     *
     * <p>Cancellation point: a cancel of the caller cancels the members, waits for them, and is then thrown.
     *
     * @param io who waits
     * @throws CanceledException if the caller was canceled; failures of members are added as suppressed
     * @throws TaskException if a member failed with a checked exception. What the first failure was is thrown, unchecked
     *     ones as they are; further ones, up to 15, are added as suppressed. A canceled member is no failure
     */
    public void await(Io io) {
        await(io, Timeout.NONE);
    }

    /**
     * Waits as {@link #await(Io)} does, and no longer than {@code timeout}; the members go on if it passes.
     *
     * @throws TimedOutException if {@code timeout} passed first
     */
    public void await(Io io, Timeout timeout) {
        try {
            Waits.await(io, new Drained(), timeout);
        } catch (CanceledException canceled) {
            cancelAndWait();
            for (Throwable failure : takeFailures()) {
                canceled.addSuppressed(failure);
            }
            throw canceled;
        }
        throwFirst(takeFailures());
    }

    /**
     * Asks all members to stop and waits until none is left. Not a cancellation point. Failures are kept for the next
     * {@link #await}.
     *
     * @param io who waits
     */
    public void cancel(Io io) {
        Task.current().tick();
        cancelAndWait();
    }

    /** Asks all members to stop and waits for none: those that are members now. */
    public void requestCancel() {
        for (Future<?> future : futures()) {
            future.requestCancel();
        }
    }

    private void cancelAndWait() {
        cancels(1);
        try {
            requestCancel();
            Waits.awaitUncanceled(new Drained());
        } finally {
            cancels(-1);
        }
    }

    private void cancels(int more) {
        lock.acquire();
        cancels += more;
        lock.release();
    }

    private List<Future<?>> futures() {
        while (true) {
            Future<?>[] copied = new Future<?>[size() + 16]; // nothing is allocated while the lock is held
            int count = 0;
            Member member;
            lock.acquire();
            try {
                for (member = newest; member != null && count < copied.length; member = member.older) {
                    copied[count++] = member.future;
                }
            } finally {
                lock.release();
            }
            if (member == null) {
                return Arrays.asList(copied).subList(0, count);
            } // else more have joined meanwhile than there was room for
        }
    }

    private List<Throwable> takeFailures() {
        List<Throwable> taken = new ArrayList<>(KEPT_FAILURES);
        lock.acquire();
        try {
            for (int i = 0; i < failureCount; i++) {
                Throwable failure = failures[i];
                failures[i] = null;
                if (failure != null) {
                    taken.add(failure);
                }
            }
            failureCount = 0;
            failed = false;
        } finally {
            lock.release();
        }
        return taken;
    }

    private void throwFirst(List<Throwable> taken) {
        if (taken.isEmpty()) {
            return;
        }
        Throwable first = taken.getFirst();
        Throwable thrown = first instanceof RuntimeException || first instanceof Error
                ? first
                : new TaskException("a member of the group failed: " + first, first);
        for (Throwable further : taken.subList(1, taken.size())) {
            if (further != thrown) {
                thrown.addSuppressed(further);
            }
        }
        thrownByAwait = thrown;
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    /**
     * Asks all members to stop and waits until none is left, in the calling thread's own way. Not a cancellation point.
     *
     * <p>Throws nothing: failures that no {@link #await} has thrown are added to what an earlier one threw, as suppressed,
     * or logged if there was none.
     */
    @Override
    public void close() {
        cancelAndWait();
        Throwable earlier = thrownByAwait;
        for (Throwable failure : takeFailures()) {
            if (earlier != null && earlier != failure) {
                earlier.addSuppressed(failure);
            } else if (earlier == null) {
                LOG.log(Level.WARNING, "a task of a group failed and nobody awaited the group", failure);
            }
        }
    }

    /** Returns what a {@code Select} waits for: no member being left. Good for one wait. */
    public Arm drainedArm() {
        return new Drained();
    }

    private final class Drained extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return size == 0 ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            waiters.add(this);
        }

        @Override
        public String describe() {
            return "await of a group of " + size; // a racy read is good enough for people
        }
    }
}
