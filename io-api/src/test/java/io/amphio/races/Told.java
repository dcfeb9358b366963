package io.amphio.races;

import io.amphio.spi.Arm;
import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.amphio.spi.WaitsAccess;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A wait that nobody sleeps in: it counts how often it was told that its arm has happened, which is to be once.
 *
 * <p><b>Threads:</b> {@link #waitFor} by one thread, then {@link #cancel} by that or another, {@link #times} when all is over.
 */
public final class Told extends Waiter {
    private @Nullable Arm arm;
    private boolean atOnce;
    private int wakes;

    /** Creates a wait of the current task that has not begun. */
    public Told() {
        super(Task.current());
    }

    /** Creates a wait of {@code task} that has begun. */
    public static Told waiting(Task task, Supplier<Arm> arm) {
        Task outer = Task.enter(task);
        try {
            return waiting(arm.get());
        } finally {
            Task.leave(outer);
        }
    }

    /** Creates a wait that has begun. */
    public static Told waiting(Arm arm) {
        Told told = new Told();
        told.waitFor(arm);
        return told;
    }

    /** Waits for {@code arm}. */
    public void waitFor(Arm what) {
        arm = what;
        atOnce = !Waits.listen(what, this);
    }

    /** Waits for one of {@code arms}, as a select does. */
    public void waitForAny(Arm... arms) {
        atOnce = WaitsAccess.listenAny(List.of(arms), this) != null;
    }

    /** Waits for one of {@code arms}, as a broken select does. */
    public void waitBrokenlyForAny(Arm... arms) {
        atOnce = BrokenSelect.listen(List.of(arms), this) != null;
    }

    /** Gives the wait up, as one that was canceled does; returns false if it has happened. */
    public boolean cancel() {
        if (!retire()) {
            return false;
        }
        Arm waitedFor = arm;
        if (waitedFor != null) {
            WaitsAccess.leave(waitedFor);
        }
        return true;
    }

    /** Returns how often this was told. */
    public int times() {
        return wakes + (atOnce ? 1 : 0);
    }

    @Override
    protected void wake() {
        wakes++;
    }
}
