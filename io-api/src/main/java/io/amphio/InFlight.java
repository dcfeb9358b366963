package io.amphio;

import io.amphio.spi.Pending;
import io.amphio.spi.StartedWait;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a {@link Batch} or {@link CompletionQueue}, and how it ended.
 *
 * <p><b>Threads:</b> every method may be called from anywhere and never waits.
 *
 * @param <T> its result
 */
public final class InFlight<T extends @Nullable Object> {
    private final Flights flights;
    private final String name;
    private final Starters.Starter<? extends T> starter;

    @Nullable
    Pending pending; // @GuardedBy the lock of its flights

    boolean canceled; // @GuardedBy the lock of its flights: asked to end
    private volatile @Nullable Outcome<? extends T> outcome; // written once

    InFlight(Flights flights, String name, Starters.Starter<? extends T> starter) {
        this.flights = flights;
        this.name = name;
        this.starter = starter;
    }

    String name() {
        return name;
    }

    /** Starts it; its end may be told before this returns. */
    Pending start(Io io) {
        return starter.start(io, how -> flights.end(this, how));
    }

    @SuppressWarnings("unchecked") // by who has its outcome from the starter of the same
    void endAs(Outcome<?> how) {
        outcome = (Outcome<? extends T>) how;
    }

    /** Returns whether it has ended. */
    public boolean hasEnded() {
        return outcome != null;
    }

    /**
     * Returns how it ended.
     *
     * @throws IllegalStateException if it has not
     */
    @SuppressWarnings("unchecked") // an outcome is only read
    public Outcome<T> outcome() {
        Outcome<? extends T> how = outcome;
        if (how == null) {
            throw new IllegalStateException("outcome of " + name + ": it has not ended");
        }
        return (Outcome<T>) how;
    }

    /**
     * Returns its result, or throws what it failed with.
     *
     * @throws IOException if it failed by that
     * @throws CanceledException if it was canceled
     * @throws TaskException with another checked exception as its cause
     */
    public T get() throws IOException {
        return StartedWait.valueOf(outcome());
    }

    /**
     * Asks for the end of just this one. It still ends by itself, canceled or with the result that came first, and is taken like any
     * other. Without effect once it has ended.
     */
    public void cancel() {
        flights.cancel(this);
    }

    @Override
    public String toString() {
        return name + (hasEnded() ? " (ended)" : "");
    }
}
