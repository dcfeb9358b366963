package io.amphio.evented.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What goes wrong in a run, and where. {@link #toString} is Java code that makes the same plan.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param faults in any order
 */
public record FaultPlan(List<Fault> faults) {
    /** Nothing goes wrong. */
    public static final FaultPlan NONE = new FaultPlan(List.of());

    /** Copies the list. */
    public FaultPlan {
        faults = List.copyOf(faults);
    }

    /** Returns a plan of these faults. */
    public static FaultPlan of(Fault... faults) {
        return new FaultPlan(List.of(faults));
    }

    /** Returns this plan and one fault more. */
    public FaultPlan with(Fault fault) {
        List<Fault> more = new ArrayList<>(faults);
        more.add(fault);
        return new FaultPlan(more);
    }

    /** Returns this plan without the fault at {@code index}. */
    FaultPlan without(int index) {
        List<Fault> fewer = new ArrayList<>(faults);
        fewer.remove(index);
        return new FaultPlan(fewer);
    }

    /** Returns this plan with another fault at {@code index}. */
    FaultPlan replacing(int index, Fault fault) {
        List<Fault> others = new ArrayList<>(faults);
        others.set(index, fault);
        return new FaultPlan(others);
    }

    @Override
    public String toString() {
        return faults.isEmpty()
                ? "FaultPlan.NONE"
                : faults.stream().map(Fault::toString).collect(Collectors.joining(", ", "FaultPlan.of(", ")"));
    }
}
