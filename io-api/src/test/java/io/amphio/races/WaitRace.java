package io.amphio.races;

import io.amphio.Timeout;
import io.amphio.races.TestTask.End;
import io.amphio.time.Deadline;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;

/** What the races of waits have in common: a victim, whose one wait may be canceled, and a clock, which may pass 10. */
public abstract class WaitRace {
    /** The deadline of those that {@link #passTime} lets pass. */
    protected static final Timeout UNTIL_10 = Timeout.at(new Deadline(10));

    protected final ManualIo io = new ManualIo();
    private final TestTask victim = new TestTask();
    private @Nullable End end;

    /** Runs {@code wait} as the victim: once in a scenario, and one cancellation point. */
    protected final boolean asVictim(Runnable wait) {
        end = victim.play(wait);
        return end == End.HAPPENED;
    }

    /** Runs {@code wait} as a task that nobody cancels; returns whether it happened. */
    protected final boolean asTask(Runnable wait) {
        return new TestTask().play(wait) == End.HAPPENED;
    }

    @Operation
    public final void cancel() {
        victim.requestCancel();
    }

    @Operation
    public final void passTime() {
        io.advanceTo(10);
    }

    @Validate
    public final void nothing_is_lost_or_left_over() {
        victim.requireEitherDeliveredOrPending(end);
        requireConsistent();
    }

    /** Throws if something was lost, doubled or left behind. Not to be called where a wait could hang it. */
    protected abstract void requireConsistent();

    /** Throws unless {@code holds}. */
    protected static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
