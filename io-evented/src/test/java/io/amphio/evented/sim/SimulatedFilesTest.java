package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code io.fs()} in a simulated world, with our own scheduler and with the JDK's. */
class SimulatedFilesTest {
    private static final Path NOTES = Path.of("/tmp/notes");

    static List<SchedulerBridge> bridges() {
        return Worlds.bridges();
    }

    private static File open(Io io) throws IOException {
        return io.fs().open(io, NOTES, OpenOptions.readingAndWriting().create());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Io io, File file, int room, long position) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(room);
        int count = file.readAt(io, target, position);
        assertEquals(Math.max(0, count), target.position());
        return count < 0
                ? "the end"
                : StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void what_is_written_is_read_and_a_file_is_cut_by_opening_it(SchedulerBridge bridge) {
        for (long seed = 0; seed < 20; seed++) {
            Worlds.run(bridge, seed, io -> {
                assertThrows(NoSuchFileException.class, () -> io.fs().open(io, NOTES, OpenOptions.reading()));
                File file = open(io);
                assertEquals(5, file.writeAt(io, bytes("hello"), 0));
                assertEquals(2, file.writeAt(io, bytes("p!"), 3));
                file.sync(io);
                assertEquals(5, file.size(io));
                assertEquals("help!", read(io, file, 10, 0));
                assertEquals("p!", read(io, file, 10, 3));
                assertEquals("the end", read(io, file, 10, 5));
                file.close();
                assertFalse(file.isOpen());
                assertThrows(IOException.class, () -> file.size(io));
                try (File again = io.fs().open(io, NOTES, OpenOptions.writing().truncate())) {
                    assertEquals(0, again.size(io));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_plan_makes_reads_short_and_writes_partial(SchedulerBridge bridge) {
        FaultPlan plan = FaultPlan.of(Fault.partialSend(1, 2), Fault.shortReceive(1, 1));
        Worlds.run(bridge, 1, plan, io -> {
            try (File file = open(io)) {
                ByteBuffer source = bytes("hello");
                assertEquals(2, file.writeAt(io, source, 0));
                assertEquals(2, source.position());
                assertEquals(3, file.writeAt(io, source, 2));
                assertEquals("h", read(io, file, 10, 0));
                assertEquals("hello", read(io, file, 10, 0));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_plan_leaves_no_space_and_no_descriptor(SchedulerBridge bridge) {
        Worlds.run(bridge, 1, FaultPlan.of(Fault.noDescriptor(1), Fault.noSpace(2)), io -> {
            IOException noDescriptor = assertThrows(IOException.class, () -> open(io));
            assertTrue(noDescriptor.getMessage().endsWith("(EMFILE)"), noDescriptor::getMessage);
            try (File file = open(io)) {
                assertEquals(1, file.writeAt(io, bytes("a"), 0));
                ByteBuffer source = bytes("b");
                IOException noSpace = assertThrows(IOException.class, () -> file.writeAt(io, source, 1));
                assertTrue(noSpace.getMessage().endsWith("(ENOSPC)"), noSpace::getMessage);
                assertEquals(0, source.position());
                assertEquals(1, file.size(io));
                assertEquals(1, file.writeAt(io, source, 1));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("bridges")
    void a_seed_makes_the_same_run_of_tasks_that_write_to_one_file(SchedulerBridge bridge) {
        FaultPlan plan = FaultPlan.of(Fault.shortReceive(1, 1), Fault.partialSend(2, 1), Fault.noSpace(3));
        List<String> contents = new ArrayList<>();
        SimulatedIo.Program program = io -> {
            try (File file = open(io)) {
                var writers = new ArrayList<Future<?>>();
                for (String text : List.of("aaaa", "bbbb", "cccc")) {
                    writers.add(io.async(() -> {
                        try {
                            file.writeAt(io, bytes(text), 0);
                        } catch (IOException noSpace) {
                            assertTrue(noSpace.getMessage().endsWith("(ENOSPC)"), noSpace::getMessage);
                        }
                    }));
                }
                writers.forEach(writer -> writer.await(io));
                contents.add(read(io, file, 10, 0) + read(io, file, 10, 0));
            }
        };
        for (long seed = 0; seed < 20; seed++) {
            SimulationRun recorded = Worlds.run(bridge, seed, plan, program);
            SimulationRun again =
                    SimulatedIo.run(SimulationOptions.DEFAULT, bridge, seed, plan, recorded.trace(), program);
            assertEquals(recorded.toString(), again.toString());
            assertEquals(contents.removeLast(), contents.getLast());
        }
        assertTrue(contents.stream().distinct().count() > 3, contents::toString);
    }
}
