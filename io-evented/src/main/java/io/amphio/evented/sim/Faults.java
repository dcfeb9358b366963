package io.amphio.evented.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a plan, each found again at its place, and how many places of each kind a run has had.
 *
 * <p><b>Threads:</b> the world's.
 */
final class Faults {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private record Place(FaultKind kind, String task, int count) {}

    private record Due(SimulatedTask<?> task, int step) {}

    private final Map<Place, Fault> planned = new HashMap<>();
    private final List<Due> cancels = new ArrayList<>();
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private boolean mainWasCanceled;
    private boolean over;

    Faults(FaultPlan plan) {
        for (Fault fault : plan.faults()) {
            planned.putIfAbsent(placeOf(fault), fault);
        }
    }

    private static Place placeOf(Fault fault) {
        return switch (fault) {
            case Fault.ShortReceive of -> new Place(FaultKind.SHORT_RECEIVE, "", of.receive());
            case Fault.PartialSend of -> new Place(FaultKind.PARTIAL_SEND, "", of.send());
            case Fault.Delay of -> new Place(FaultKind.DELAY, "", of.message());
            case Fault.Loss of -> new Place(FaultKind.DELAY, "", of.message());
            case Fault.Reset of -> new Place(FaultKind.DELAY, "", of.message());
            case Fault.NoDescriptor of -> new Place(FaultKind.NO_DESCRIPTOR, "", of.descriptor());
            case Fault.NoSpace of -> new Place(FaultKind.NO_SPACE, "", of.write());
            case Fault.Cancel of -> new Place(FaultKind.CANCEL, of.task(), of.point());
            case Fault.Pause of -> new Place(FaultKind.PAUSE, of.task(), of.point());
        };
    }

    /** Nothing more goes wrong: the run has failed, and ends. */
    void end() {
        over = true;
        cancels.clear();
    }

    /** Returns how many places for faults of that kind there were; points are those of the main task. */
    int count(FaultKind kind) {
        FaultKind counted = switch (kind) {
            case LOSS, RESET -> FaultKind.DELAY;
            case PAUSE -> FaultKind.CANCEL;
            default -> kind;
        };
        return counts.getOrDefault(counted, 0);
    }

    private @Nullable Fault next(FaultKind kind) {
        int count = counts.merge(kind, 1, Integer::sum);
        return planned.isEmpty() || over ? null : planned.get(new Place(kind, "", count));
    }

    int mostToReceive() {
        return next(FaultKind.SHORT_RECEIVE) instanceof Fault.ShortReceive(int _, int bytes) ? bytes : NO_LIMIT;
    }

    int mostToSend() {
        return next(FaultKind.PARTIAL_SEND) instanceof Fault.PartialSend(int _, int bytes) ? bytes : NO_LIMIT;
    }

    boolean hasDescriptor() {
        return next(FaultKind.NO_DESCRIPTOR) == null;
    }

    boolean hasSpace() {
        return next(FaultKind.NO_SPACE) == null;
    }

    /** Returns what happens to a message: a delay, a loss, a reset, or nothing. */
    @Nullable
    Fault message() {
        return next(FaultKind.DELAY);
    }

    /** A task is at a cancellation point; returns how long time is to pass there. */
    long pointNanos(SimulatedTask<?> task, int point, int step) {
        if (task.isMain()) {
            counts.put(FaultKind.CANCEL, point);
        }
        if (planned.isEmpty() || over || task.label() == null) {
            return 0;
        }
        if (planned.get(new Place(FaultKind.CANCEL, task.label(), point)) instanceof Fault.Cancel cancel) {
            cancels.add(new Due(task, step + cancel.stepsLater()));
            makeCancels(step);
        }
        return planned.get(new Place(FaultKind.PAUSE, task.label(), point)) instanceof Fault.Pause pause
                ? pause.length().toNanos()
                : 0;
    }

    /** Makes the requests that are due. */
    void makeCancels(int step) {
        for (Iterator<Due> each = cancels.iterator(); each.hasNext(); ) {
            Due due = each.next();
            if (due.step <= step) {
                each.remove();
                mainWasCanceled |= due.task.isMain();
                due.task.requestCancel();
            }
        }
    }

    /** Returns whether requests to cancel are still to be made. */
    boolean hasCancels() {
        return !cancels.isEmpty();
    }

    /** Returns whether the plan has canceled the main task: that it ends by that is no failure then. */
    boolean hasCanceledMain() {
        return mainWasCanceled;
    }
}
