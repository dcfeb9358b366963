package io.amphio.spi;

import io.amphio.Io;
import io.amphio.time.ClockTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A deadline on everything that the current task (or plain thread) waits for, from {@link #open} to {@link #close}.
 *
 * <pre>
 *   state       event                              next        and then
 *   ---------   --------------------------------   ---------   ------------------------------------------------
 *   ARMED       the timer fires                    FIRED       the task's current wait is canceled
 *   ARMED       close(), by the task               CLOSED      true: it never fires
 *   FIRED       a cancellation point of the task   DELIVERED   that point throws, with this scope as the request
 *   FIRED       close()                            CLOSED      false: it had fired; the request is gone with it
 *   DELIVERED   recancel()                         FIRED       the next point throws again
 *   DELIVERED   close()                            CLOSED      false
 * </pre>
 *
 * <p>Clearing against firing is one compare-and-set from ARMED, so exactly one wins and the task learns which.
 *
 * <p><b>Threads:</b> opened and closed by the task; only the timer's action comes from elsewhere.
 */
public final class DeadlineScope {
    private enum State {
        ARMED,
        FIRED,
        DELIVERED,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.ARMED);
    private final Task task;
    private final long deadlineNanos;
    final long sequence; // the order of opening within the task
    private Timers.@Nullable Timer timer; // owned by the task

    // The task's list of open scopes; owned by the task.
    @Nullable
    DeadlineScope older;

    @Nullable
    DeadlineScope newer;

    private DeadlineScope(Task task, long deadlineNanos, long sequence) {
        this.task = task;
        this.deadlineNanos = deadlineNanos;
        this.sequence = sequence;
    }

    /**
     * Opens a scope on the current task.
     *
     * @param io whose timer fires
     * @param deadlineNanos of the clock of {@code io}; {@link Long#MAX_VALUE} never fires
     */
    public static DeadlineScope open(Io io, long deadlineNanos) {
        Task task = Task.current();
        task.tick(); // or a loop over short limits would let nobody else run
        DeadlineScope scope = new DeadlineScope(task, deadlineNanos, task.nextScopeSequence());
        task.addScope(scope);
        if (deadlineNanos != Long.MAX_VALUE) {
            if (deadlineNanos <= io.clock().nanoTime()) {
                scope.fire();
            } else {
                scope.startTimer(() -> io.timers().start(deadlineNanos, scope::fire));
            }
        }
        return scope;
    }

    /**
     * Opens a scope on the current task, as {@link #open(Io, long)} does.
     *
     * @param io whose timer fires
     * @param time when, on one of the clocks of {@code io}; the scope follows it when it is set
     * @throws UnsupportedOperationException if one cannot wait for a time of that clock
     */
    public static DeadlineScope open(Io io, ClockTime time) {
        ClockWatch.requireAlarm(time);
        long left = time.remaining(io.clock()).toNanos();
        Task task = Task.current();
        task.tick();
        long expectedNanos = io.clock().deadlineAfter(Duration.ofNanos(left)).nanos();
        DeadlineScope scope = new DeadlineScope(task, expectedNanos, task.nextScopeSequence());
        task.addScope(scope);
        if (left == 0) {
            scope.fire();
        } else {
            scope.startTimer(() -> io.timers().start(io.clock(), time, scope::fire));
        }
        return scope;
    }

    private void startTimer(Supplier<Timers.Timer> start) {
        try {
            timer = start.get();
        } catch (Throwable closed) { // the Io is; a scope that nobody can close must not stay open
            close();
            throw closed;
        }
    }

    private void fire() {
        if (state.compareAndSet(State.ARMED, State.FIRED)) {
            task.scopeFired(this);
        }
    }

    /** Closes this scope: no timer and no request of it is left. Returns whether it never fired. Idempotent. */
    public boolean close() {
        if (state.get() == State.CLOSED) {
            return false;
        }
        Timers.Timer running = timer;
        if (running != null) {
            timer = null;
            running.cancel();
        }
        boolean neverFired = state.getAndSet(State.CLOSED) == State.ARMED;
        task.removeScope(this);
        return neverFired;
    }

    /** Returns the task, or plain thread, that opened this scope. */
    public Task task() {
        return task;
    }

    /** Returns the deadline that was given to {@link #open}; of a clock that may be set, when it was expected to be. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isFired() {
        return state.get() == State.FIRED;
    }

    boolean deliver() {
        return state.compareAndSet(State.FIRED, State.DELIVERED);
    }

    boolean redeliver() {
        return state.compareAndSet(State.DELIVERED, State.FIRED);
    }
}
