package io.amphio.evented;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.vavr.CheckedFunction0;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What tasks have asked of files just before a task got their loop stuck: it is done elsewhere. */
class StuckLoopFilesTest {
    private static final EventedOptions OPTIONS =
            EventedOptions.DEFAULT.withLoops(1).withStuckAfter(Duration.ofMillis(40));
    private static final int BYTES = 8;

    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @BeforeEach
    void only_where_java_lang_is_open() {
        assumeTrue(SchedulerBridge.open("auto").mode() == SchedulerBridge.Mode.OWN);
    }

    /**
     * Starts tasks, and one behind them that keeps the loop, all in one turn: when it has the loop, the others wait for operations
     * that the loop has not looked at.
     */
    private List<Future<Integer>> startThenHog(Io io, List<CheckedFunction0<Integer>> bodies) throws Exception {
        List<Future<Integer>> started = io.await(io.async(() -> {
            List<Future<Integer>> futures = new ArrayList<>();
            for (CheckedFunction0<Integer> body : bodies) {
                futures.add(io.async(Echoes.SAME_LOOP, body));
            }
            io.async(Echoes.SAME_LOOP.withName("hog"), () -> Pins.COMPUTATION.hold(there, go));
            return futures;
        }));
        there.await();
        return started;
    }

    /** What is done with a file; not more at a time than run in one turn of a loop without a look at the clock. */
    enum Operations {
        TRANSFERS {
            @Override
            List<CheckedFunction0<Integer>> of(Io io, File file) {
                return List.of(
                        () -> file.readAt(io, ByteBuffer.allocate(BYTES), 0),
                        () -> file.readAt(io, ByteBuffer.allocateDirect(BYTES), 0),
                        () -> file.writeAt(io, ByteBuffer.allocate(BYTES), 0),
                        () -> file.writeAt(io, ByteBuffer.allocateDirect(BYTES), 0));
            }
        },
        OTHERS {
            @Override
            List<CheckedFunction0<Integer>> of(Io io, File file) {
                return List.of(
                        () -> (int) file.size(io),
                        () -> {
                            file.sync(io);
                            return BYTES;
                        },
                        () -> {
                            try (File again = io.fs().open(io, file.path(), OpenOptions.reading())) {
                                return again.readAt(io, ByteBuffer.allocate(BYTES), 0);
                            }
                        });
            }
        };

        abstract List<CheckedFunction0<Integer>> of(Io io, File file);
    }

    static Stream<Arguments> rounds() {
        return TestBackends.names().stream()
                .flatMap(backend -> Stream.of(Operations.values()).map(all -> Arguments.of(backend, all)));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void operations_on_files_go_on(String backend, Operations operations, @TempDir Path directory) throws Exception {
        Path path = Files.write(directory.resolve("data"), new byte[BYTES]);
        try (IoRuntime runtime = EventedIo.open(OPTIONS.withBackend(backend))) {
            Io io = runtime.io();
            try (File file = io.fs().open(io, path, OpenOptions.readingAndWriting())) {
                for (Future<Integer> future : startThenHog(io, operations.of(io, file))) {
                    assertEquals(BYTES, io.await(future));
                }
                assertEquals(1, go.getCount());
            } finally {
                go.countDown();
            }
        }
    }
}
