package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.evented.coro.SchedulerBridge;
import java.util.ArrayList;
import java.util.List;

/** Runs in worlds of each kind there is: where java.lang is open, our own scheduler's and the JDK's. */
final class Worlds {
    private Worlds() {}

    static List<SchedulerBridge> bridges() {
        List<SchedulerBridge> bridges = new ArrayList<>(List.of(SchedulerBridge.stock()));
        if (SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN) {
            bridges.add(SchedulerBridge.open("own"));
        }
        return bridges;
    }

    static SimulationRun run(SchedulerBridge bridge, long seed, SimulatedIo.Program program) {
        return run(bridge, seed, FaultPlan.NONE, program);
    }

    static SimulationRun run(SchedulerBridge bridge, long seed, FaultPlan plan, SimulatedIo.Program program) {
        return SimulatedIo.run(SimulationOptions.DEFAULT, bridge, seed, plan, null, program);
    }

    static SimulationFailure failure(SchedulerBridge bridge, long seed, SimulatedIo.Program program) {
        return failure(bridge, seed, FaultPlan.NONE, program);
    }

    static SimulationFailure failure(SchedulerBridge bridge, long seed, FaultPlan plan, SimulatedIo.Program program) {
        return assertThrows(SimulationFailure.class, () -> run(bridge, seed, plan, program));
    }
}
