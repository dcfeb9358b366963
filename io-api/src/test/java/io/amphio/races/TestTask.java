package io.amphio.races;

import io.amphio.CanceledException;
import io.amphio.TimedOutException;
import io.amphio.spi.Task;
import org.jspecify.annotations.Nullable;

/** A task that no {@code Io} runs: the test's thread plays it for as long as one method takes. */
public class TestTask extends Task {
    /** How a wait ended. */
    public enum End {
        HAPPENED,
        CANCELED,
        TIMED_OUT
    }

    @Override
    public String name() {
        return "test task";
    }

    @Override
    public boolean isCancelable() {
        return true;
    }

    /** Runs {@code wait}, one cancellation point, as this task. */
    public End play(Runnable wait) {
        Task outer = Task.enter(this);
        try {
            wait.run();
            return End.HAPPENED;
        } catch (CanceledException _) {
            return End.CANCELED;
        } catch (TimedOutException _) {
            return End.TIMED_OUT;
        } finally {
            Task.leave(outer);
        }
    }

    /** Plays this task at a cancellation point: was there a request, after it had {@code end}ed a wait? */
    public void requireEitherDeliveredOrPending(@Nullable End end) {
        boolean pending = isDeliverable();
        if (isCancelRequested() && pending == (end == End.CANCELED)) {
            throw new AssertionError("a request was " + (pending ? "delivered and is pending" : "lost") + ": " + end);
        }
    }
}
