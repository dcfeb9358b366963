package io.amphio.evented.backend;

import io.amphio.time.Clock;

/**
 * One kernel interface under one event loop: operations go in, and each comes out exactly once, through the
 * {@link CompletionSink} it was opened with.
 *
 * <p>Completion is the common ground: a kernel that tells only readiness gets its non-blocking call made here, when it is
 * ready. Buffers and addresses of an operation belong to the backend from {@link #submit} until the operation completes,
 * also after {@link #cancel}.
 *
 * <p><b>Threads:</b> {@link #wake}, {@link #supports}, {@link #name}, {@link #nanoTime}, {@link #readClock} and
 * {@link #reapsWithoutOwner} may be called from any thread, everything else by whoever has <i>custody</i> of the loop, one
 * thread at a time:
 *
 * <pre>
 *   who                    when                                   may call
 *   --------------------   ------------------------------------   -----------------------------------------------
 *   the loop's thread      always, except while it is inside      everything
 *                          the code of users (tasks, callbacks)
 *   a spare, whose own     while the loop's thread is stuck       {@link #reap}; and {@link #cancel}, if
 *   loop is another one    inside the code of users               {@link #cancelsWithoutOwner}
 * </pre>
 *
 * <p>What one of them did happens-before what the next does; a spare comes and goes between two calls, never in the middle
 * of one, and there may be several in turn. The loop's thread is the first that calls {@link #poll} or {@link #submit} and
 * stays the same for good, so a kernel interface that belongs to a thread is set up there. A spare may meet a backend whose
 * thread has not polled yet, but never one that is closed. {@link CompletionSink#completed} is called inside of these calls, by
 * whoever makes them.<br>
 * <b>Waiting:</b> only {@code poll} waits.
 */
public interface Backend {
    /**
     * Returns the name by which it is chosen.
     *
     * @return a short lower-case name
     */
    String name();

    /**
     * Returns whether this backend performs such operations. Those of sockets it all does. What it denies of the others, the loop
     * gives to the provider's {@link BlockingCalls} on its worker pool. The answer never changes.
     *
     * @param kind what would be submitted
     * @return whether {@link #submit} takes it
     */
    boolean supports(Operation.Kind kind);

    /**
     * Begins an operation. It may complete before this returns; it never fails by throwing.
     *
     * @param operation not in flight, with its inputs set
     */
    void submit(Operation operation);

    /**
     * Asks for the end of an operation that is in flight. It completes soon, canceled or, if that came first, otherwise.
     *
     * @param operation submitted to this backend and not completed
     */
    void cancel(Operation operation);

    /**
     * Reports what has completed, waiting for something if nothing has.
     *
     * @param timeoutNanos how long to wait at most: 0 not at all, less than 0 without limit
     */
    void poll(long timeoutNanos);

    /**
     * Gives the kernel what {@link #submit} and {@link #cancel} have only prepared, without waiting. The loop's thread calls it
     * before it runs the code of users for a while: what lies in memory that only that thread can hand over would wait as long
     * as that code takes. It does nothing, and makes no system call, if nothing is prepared.
     */
    default void flush() {}

    /**
     * Reports what has completed, as a {@link #poll} that does not wait, but does nothing that only the loop's own thread may: it
     * submits nothing and enters nothing of the kernel's that belongs to that thread. Operations that this cannot see complete
     * when the owner polls again.
     */
    default void reap() {
        poll(0);
    }

    /**
     * Returns whether {@link #reap} on another thread sees completions while the loop's own thread is stuck. Where it does not, a
     * spare does not call it.
     *
     * @return always the same
     */
    default boolean reapsWithoutOwner() {
        return true;
    }

    /**
     * Returns whether a thread that has custody but is not the loop's may call {@link #cancel}. Where it may not, cancels wait
     * until the loop's thread is back.
     *
     * @return always the same
     */
    default boolean cancelsWithoutOwner() {
        return true;
    }

    /** Makes the current or the next {@link #poll} return early. After {@link #close} it does nothing. */
    void wake();

    /**
     * Returns the clock of this backend, on which timeouts run.
     *
     * @return nanoseconds since some instant
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /**
     * Returns a descriptor that becomes readable when {@link #poll} would report something, for a foreign loop to wait on. It
     * may do so early, and stays so until the next poll.
     *
     * @return the kernel's number of it, or -1 where there is none
     */
    default int pollNumber() {
        return -1;
    }

    /** A clock that timers may follow, other than {@link #nanoTime}. */
    enum AlarmClock {
        /** Time since the system started, with that in which it was suspended. */
        BOOT_TIME,
        /** The time of day, which may be set. */
        WALL
    }

    /**
     * Sets, moves or clears the one alarm of a clock: once the clock has reached that time, and also when the wall clock was
     * set, a poll under way or the next one returns. It may return early, and the alarm then stays set; the loop looks at the
     * clock. Where this is not
     * supported, the loop looks at the clock now and then while it has such timers.
     *
     * @param clock which
     * @param atNanos the time; {@link Long#MAX_VALUE} for none
     * @return false if this backend has no alarms, always
     */
    default boolean setAlarm(AlarmClock clock, long atNanos) {
        return false;
    }

    /**
     * Reads a clock that timers may follow; by default as exactly as the JDK can, that of the boot time to 10 ms.
     *
     * @param clock which
     * @return nanoseconds since 1970 for the wall clock, else since the system started
     * @throws UnsupportedOperationException if this system does not tell
     */
    default long readClock(AlarmClock clock) {
        return SystemClocks.read(clock, Clock.SYSTEM);
    }

    /** Frees what it holds of the kernel's. Nothing may be in flight. */
    void close();
}
