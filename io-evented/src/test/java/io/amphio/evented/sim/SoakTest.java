package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.evented.coro.SchedulerBridge;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The core's programs with a thousand seeds, each without faults and with a plan of them. {@code -Damphio.sim.seed=N} begins
 * elsewhere, {@code -Damphio.sim.seeds=N} runs more.
 */
class SoakTest {
    private static final int SEEDS = 1_000;
    private static final int SEEDS_OF_STOCK_THREADS = 100; // a switch between threads costs so much more there
    private static final int EVERY = 50;

    /** What is run. */
    enum Soaked {
        MUTEX,
        CHANNEL,
        SELECT,
        GROUP,
        ECHO,
        CANCEL;

        SimulatedIo.Program program() {
            return switch (this) {
                case MUTEX -> Programs::mutex;
                case CHANNEL -> Programs::channel;
                case SELECT -> Programs::select;
                case GROUP -> Programs::group;
                case ECHO -> Programs::echo;
                case CANCEL -> Programs::cancel;
            };
        }
    }

    private static int seeds() {
        return SchedulerBridge.open().mode() == SchedulerBridge.Mode.OWN ? SEEDS : SEEDS_OF_STOCK_THREADS;
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void it_passes_with_every_seed(Soaked soaked) {
        SimulatedIo.explore(seeds(), soaked.program());
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void it_can_be_had_again_step_by_step(Soaked soaked) {
        for (long seed = 0; seed < seeds(); seed += EVERY) {
            SimulationRun recorded = SimulatedIo.run(seed, soaked.program());
            assertEquals(
                    recorded.hash(),
                    SimulatedIo.replay(recorded, soaked.program()).hash());
        }
    }
}
