package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.sim.SimKernel;
import io.amphio.evented.backend.sim.SimProvider;
import io.amphio.evented.backend.sim.SimWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The random scripts of operations on the simulated kernel and on a real one: what a program sees must be the same, so that what
 * passes in a simulation does not fail outside for another reason than luck.
 *
 * <p>Always the same ones; {@code -Damphio.scripts.seed=N -Damphio.scripts.count=N} runs others.
 */
class SimulatedScriptsTest {
    private static final int COUNT = Integer.getInteger(
            "amphio.scripts.count", Boolean.parseBoolean(System.getProperty("amphio.expectOwn", "true")) ? 500 : 50);
    private static final long SEED = Long.getLong("amphio.scripts.seed", 1);

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void the_simulated_kernel_answers_as_a_real_one() throws Exception {
        System.out.println("scripts: seed " + SEED + ", " + COUNT + " on sim and "
                + OnBackend.all().findFirst());
        String real = OnBackend.all().findFirst().orElseThrow();
        Path there = java.nio.file.Files.createDirectory(folder.resolve("real"));
        Path here = java.nio.file.Files.createDirectory(folder.resolve("sim"));
        try (EventLoop onReal = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(real))) {
            for (int i = 0; i < COUNT; i++) {
                Script script = Script.of(SEED + i);
                List<String> expected = ScriptRun.run(onReal, there, script);
                List<String> actual = simulated(here, script);
                assertEquals(
                        String.join("\n", expected),
                        String.join("\n", actual),
                        () -> "-Damphio.scripts.seed=" + script.seed() + " -Damphio.scripts.count=1: "
                                + script.steps());
            }
        }
    }

    private static List<String> simulated(Path parent, Script script) throws Exception {
        SimKernel kernel = new SimKernel(new Fair(script.seed()), 16 << 10);
        EventLoopOptions options = EventLoopOptions.DEFAULT.withPool(WorkPool.inPlace());
        try (EventLoop loop = EventLoop.open(options, new SimProvider(kernel))) {
            makeDirectories(loop, parent.resolve("s" + script.seed()));
            List<String> transcript = ScriptRun.run(loop, parent, script);
            loop.runOnce(0); // what was posted last
            assertTrue(kernel.open().isEmpty(), () -> "left open: " + kernel.open());
            return transcript;
        }
    }

    private static void makeDirectories(EventLoop loop, Path path) throws IOException {
        Path made = path.getRoot();
        for (Iterator<Path> names = path.iterator(); names.hasNext(); ) {
            made = made.resolve(names.next());
            FileName name = FileName.of(made.toString());
            FileChange change = FileChange.makeDirectory(name, 0755, (Consumer<FileChange>) ended -> {});
            loop.submit(change);
            while (change.isInFlight()) {
                loop.runOnce(0);
            }
        }
    }

    /** Chooses what completes first by a seed, and lets nothing go wrong or overtake. */
    private static final class Fair implements SimWorld {
        private final SplittableRandom random;

        Fair(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public void requireInside(String what, @Nullable Object of) {} // one thread runs the loop and the script

        @Override
        public int choose(int count) {
            return random.nextInt(count);
        }

        @Override
        public long messageNanos() {
            return 0; // as over a loopback device: what was sent is there
        }

        @Override
        public int mostToReceive() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int mostToSend() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean hasDescriptor() {
            return true;
        }

        @Override
        public boolean hasSpace() {
            return true;
        }

        @Override
        public long firstWallNanos() {
            return 0;
        }

        @Override
        public String currentName() {
            return "the script";
        }

        @Override
        public void completed(Operation operation, int descriptor) {}

        @Override
        public void idle() {
            throw new AssertionError("every wait of a script has its limit");
        }
    }
}
