package io.amphio.evented.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same scripts on every backend that opens here: the results must be the same, step by step. The first backend runs them
 * twice, so that also a machine with only one notices what depends on chance.
 *
 * <p>{@code -Damphio.scripts.seed=N -Damphio.scripts.count=1} repeats one.
 */
class ScriptsTest {
    private static final int COUNT = Integer.getInteger(
            "amphio.scripts.count",
            Boolean.parseBoolean(System.getProperty("amphio.expectOwn", "true")) ? 10_000 : 100);
    private static final long SEED = Long.getLong("amphio.scripts.seed", System.nanoTime() >>> 10);

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void all_backends_answer_alike() throws Exception {
        List<String> backends = new ArrayList<>(List.of("nio"));
        OnBackend.all().filter(name -> !name.equals("nio")).forEach(backends::add);
        if (backends.size() == 1) {
            backends.add("nio");
        }
        System.out.println("scripts: seed " + SEED + ", " + COUNT + " on " + backends);
        try (var threads = Executors.newFixedThreadPool(backends.size())) {
            var results = new ArrayList<Future<List<List<String>>>>();
            for (int i = 0; i < backends.size(); i++) {
                results.add(threads.submit(all(backends.get(i), folder.resolve("b" + i))));
            }
            List<List<String>> expected = results.getFirst().get();
            for (int i = 1; i < backends.size(); i++) {
                compare(
                        backends.getFirst(),
                        expected,
                        backends.get(i),
                        results.get(i).get());
            }
        }
    }

    private static Callable<List<List<String>>> all(String backend, Path folder) {
        return () -> {
            java.nio.file.Files.createDirectory(folder);
            var transcripts = new ArrayList<List<String>>();
            try (EventLoop loop = EventLoop.open(EventLoopOptions.DEFAULT.withBackend(backend))) {
                for (int i = 0; i < COUNT; i++) {
                    transcripts.add(ScriptRun.run(loop, folder, Script.of(SEED + i)));
                }
            }
            return transcripts;
        };
    }

    private static void compare(String one, List<List<String>> expected, String other, List<List<String>> actual) {
        for (int i = 0; i < COUNT; i++) {
            if (!expected.get(i).equals(actual.get(i))) {
                long seed = SEED + i;
                assertEquals(
                        one + "\n" + String.join("\n", expected.get(i)),
                        other + "\n" + String.join("\n", actual.get(i)),
                        () -> "-Damphio.scripts.seed=" + seed + " -Damphio.scripts.count=1: "
                                + Script.of(seed).steps());
            }
        }
    }

    @Test
    void a_script_is_made_from_its_seed_alone() {
        assertEquals(Script.of(1), Script.of(1));
        assertNotEquals(Script.of(1).steps(), Script.of(2).steps());
    }
}
