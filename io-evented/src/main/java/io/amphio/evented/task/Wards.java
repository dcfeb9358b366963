package io.amphio.evented.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers that a spare stands in for: it runs what is ready there, those tasks included that never move otherwise, and does the
 * turns of their loops ({@link io.amphio.evented.loop.Supervision#standIn}).
 *
 * <pre>
 *   state      event                               next       and then
 *   --------   ---------------------------------   --------   ----------------------------------------------------------
 *   off duty   the watchdog adds a stuck worker    on duty    the spare is woken
 *   on duty    another one is added                on duty    as above
 *   on duty    no ward is stuck any more           off duty   what is ready on the spare goes back: to its home, or around
 * </pre>
 *
 * <p>No task is forgotten. Who makes a task ready on a stuck worker finds nobody asleep there to wake; so on duty the spare
 * never sleeps for longer than {@link #LOOK_NANOS}, and looks at everything then. A worker that comes back ends its being stuck
 * first, and then looks at everything itself. So at any time one of the two is going to look. To be added cannot be missed either: the list is
 * written and {@code summoned} set before the spare is woken, and the spare looks at it after it has announced its sleep.
 *
 * <p>No task runs twice: queues hand out each entry once, whoever asks.
 *
 * <p><b>Threads:</b> the spare's own, but for {@link #add} and {@link #remove}, which are the watchdog's.
 */
final class Wards implements Surroundings {
    /** How often a spare looks after the loops that are stuck: nothing wakes it when the kernel has something for them. */
    static final long LOOK_NANOS = 1_000_000;

    private final Worker spare;
    private volatile List<Worker> wards = List.of(); // the watchdog
    private volatile boolean summoned; // set by the watchdog, taken away by the spare
    private boolean onDuty; // the spare: as it was when its turn began

    Wards(Worker spare) {
        this.spare = spare;
    }

    // ---- the watchdog

    void add(Worker stuck) {
        List<Worker> more = new ArrayList<>(wards);
        more.add(stuck);
        wards = List.copyOf(more);
        summoned = true;
        spare.loop().wake();
    }

    void remove(Worker ward) {
        List<Worker> fewer = new ArrayList<>(wards);
        fewer.remove(ward);
        wards = List.copyOf(fewer);
    }

    boolean isEmpty() {
        return wards.isEmpty();
    }

    // ---- the spare

    @Override
    public void turnBegins() {
        summoned = false;
        onDuty = false;
        for (Worker ward : wards) {
            if (ward.isStuck()) {
                onDuty = true;
                ward.supervision().standIn(spare.loop());
            }
        }
    }

    @Override
    public boolean runsTasks() {
        return onDuty;
    }

    @Override
    public @Nullable EventedTask<?> find() {
        for (Worker ward : wards) {
            if (ward.isStuck()) {
                EventedTask<?> found = spare.takeFrom(ward);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    @Override
    public boolean hasMore() {
        return summoned;
    }

    @Override
    public long lookAgainNanos() {
        return onDuty ? LOOK_NANOS : -1;
    }
}
