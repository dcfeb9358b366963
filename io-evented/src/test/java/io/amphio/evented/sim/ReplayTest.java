package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.TaskOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A run that is had again: step by step the same, or the step at which it is not. */
class ReplayTest {
    @Test
    void a_replay_is_the_run_once_more_with_its_faults_too() {
        FaultPlan plan = FaultPlan.of(Fault.delay(3, Duration.ofSeconds(2)), Fault.shortReceive(2, 1));
        SimulationRun recorded = SimulatedIo.run(7, plan, Programs::echo);
        SimulationRun again = SimulatedIo.replay(recorded, Programs::echo);
        assertEquals(recorded.toString(), again.toString());
        assertTrue(recorded.elapsed().compareTo(Duration.ofSeconds(2)) > 0);
    }

    @Test
    void a_replay_that_takes_another_way_fails_at_that_step_and_names_it() {
        AtomicBoolean late = new AtomicBoolean();
        SimulatedIo.Program program = io -> {
            io.sleep(Duration.ofMillis(1));
            Future<?> child =
                    io.async(TaskOptions.named("child"), () -> io.sleep(Duration.ofMillis(late.get() ? 3 : 2)));
            child.await(io);
        };
        SimulationRun recorded = SimulatedIo.run(1, program);
        late.set(true);
        SimulationFailure failure = assertThrows(SimulationFailure.class, () -> SimulatedIo.replay(recorded, program));
        assertEquals(SimulationFailure.Kind.DIVERGED, failure.kind());
        String message = String.valueOf(failure.getMessage());
        // main begins, main after its sleep, the child begins, and then its sleep is longer than it was
        assertTrue(message.contains("diverges at step 4: recorded was \"task 1 \"child\" ran at 3"), message);
        assertTrue(message.contains("and now \"task 1 \"child\" ran at 4"), message);
    }

    @Test
    void a_replay_that_ends_early_or_late_diverges_too() {
        AtomicInteger sleeps = new AtomicInteger(3);
        SimulatedIo.Program program = io -> {
            for (int i = 0; i < sleeps.get(); i++) {
                io.sleep(Duration.ofMillis(1));
            }
        };
        SimulationRun recorded = SimulatedIo.run(1, program);
        for (int other : new int[] {2, 4}) {
            sleeps.set(other);
            SimulationFailure failure =
                    assertThrows(SimulationFailure.class, () -> SimulatedIo.replay(recorded, program));
            assertEquals(SimulationFailure.Kind.DIVERGED, failure.kind());
            assertTrue(String.valueOf(failure.getMessage()).contains("\"the end\""), failure::getMessage);
        }
    }
}
