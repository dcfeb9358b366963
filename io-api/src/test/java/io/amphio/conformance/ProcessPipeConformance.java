package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.process.Child;
import io.amphio.process.PipeSource;
import io.amphio.process.ProcessSpec;
import io.amphio.stream.Reader;
import io.amphio.stream.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pipes of a process promise. */
public abstract class ProcessPipeConformance extends ProcessTopic {
    @TempDir
    Path folder;

    private static String readSome(Io io, PipeSource source) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = source.read(io, target);
        return count < 0 ? "end" : new String(target.array(), 0, count, StandardCharsets.US_ASCII);
    }

    @Test
    void what_is_written_comes_back_and_the_end_too() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, ProcessSpec.of("cat"))) {
                Writer writer = new Writer(child.stdin());
                Reader reader = new Reader(child.stdout());
                for (int i = 0; i < 50; i++) {
                    writer.writeString(io, "line " + i + "\n");
                    writer.flush(io);
                    assertEquals("line " + i, reader.readLine(io, 100));
                }
                assertEquals(0, child.stdout().read(io, ByteBuffer.allocate(0)));
                assertEquals(0, child.stdin().write(io, ByteBuffer.allocate(0)));
                ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocate(10)};
                assertEquals(5, child.stdin().write(io, bytes("12"), bytes("345")));
                long count = child.stdout().read(io, targets);
                assertTrue(count >= 1 && targets[0].position() + targets[1].position() == count, count + " bytes");
                child.stdin().close();
                assertEquals("12345".substring((int) count), readAll(io, child.stdout()));
                assertEquals("end", readSome(io, child.stdout()));
                assertExits(io, 0, child);
            }
        });
    }

    @Test
    void megabytes_go_through_in_order() throws Exception {
        byte[] sent = new byte[3 << 20];
        new SplittableRandom(7).nextBytes(sent);
        runWithProcesses(io -> {
            try (Child child = spawn(io, ProcessSpec.of("cat"))) {
                Started<?> writes = Started.start(io, () -> {
                    child.stdin().writeAll(io, ByteBuffer.wrap(sent));
                    child.stdin().close();
                });
                assertArrayEquals(sent, new Reader(child.stdout()).readAll(io, 4 << 20));
                writes.await(io);
                assertExits(io, 0, child);
            }
        });
    }

    @Test
    void a_read_that_is_late_or_canceled_takes_nothing() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, ProcessSpec.of("cat"))) {
                PipeSource output = child.stdout();
                output.setReadTimeout(SHORT);
                String late = assertThrows(TimedOutException.class, () -> readSome(io, output))
                        .getMessage();
                assertTrue(String.valueOf(late).startsWith("read output of cat"), late);
                output.setReadTimeout(LONG);
                Started<String> reads =
                        Started.start(io, () -> readSome(io, output)).untilWaiting(io);
                assertThrows(IllegalStateException.class, () -> readSome(io, output));
                assertTrue(reads.endsCanceled(io));
                child.stdin().writeAll(io, bytes("still there"));
                child.stdin().close();
                assertEquals("still there", readAll(io, output));
            }
        });
    }

    @Test
    void a_byte_and_a_cancel_at_once_give_the_byte_or_leave_it_in_the_pipe() throws Exception {
        runWithProcesses(io -> {
            SplittableRandom random = Seed.random();
            try (Child child = spawn(io, ProcessSpec.of("cat"))) {
                for (int round = 0; round < 100; round++) {
                    String sent = String.valueOf((char) ('a' + round % 26));
                    Started<String> reader = Started.start(io, () -> {
                                String text = readSome(io, child.stdout());
                                assertRequestPending(io); // still, or to come
                                return text;
                            })
                            .untilWaiting(io);
                    int delay = random.nextInt(100_000);
                    Started<?> canceler = Started.start(io, () -> {
                        Chance.spin(delay);
                        reader.requestCancel();
                    });
                    child.stdin().writeAll(io, bytes(sent));
                    canceler.await(io);
                    if (reader.endsCanceled(io)) {
                        assertEquals(sent, readSome(io, child.stdout()));
                    } else {
                        assertEquals(sent, reader.await(io));
                    }
                }
            }
        });
    }

    @Test
    void a_canceled_write_has_written_what_its_position_says() throws Exception {
        Path go = folder.resolve("go");
        runWithProcesses(io -> {
            try (Child child =
                    spawn(io, shell("while [ ! -e \"$1\" ]; do sleep 0.01; done; exec cat", go.toString()))) {
                byte[] sent = new byte[1 << 20];
                new SplittableRandom(11).nextBytes(sent);
                ByteBuffer source = ByteBuffer.wrap(sent);
                for (int i = 0; i < 3; i++) { // the pipe is full all the time
                    Started<?> writes = Started.start(io, () -> child.stdin().writeAll(io, source))
                            .untilWaiting(io);
                    assertTrue(writes.endsCanceled(io));
                }
                child.stdin().setWriteTimeout(SHORT);
                assertThrows(TimedOutException.class, () -> child.stdin().writeAll(io, source));
                child.stdin().setWriteTimeout(LONG);
                int before = source.position();
                assertTrue(before > 0 && before < sent.length, before + " bytes");
                Files.createFile(go);
                Started<?> rest = Started.start(io, () -> {
                    child.stdin().writeAll(io, source);
                    child.stdin().close();
                });
                assertArrayEquals(sent, new Reader(child.stdout()).readAll(io, 2 << 20));
                rest.await(io);
            }
        });
    }

    @Test
    void writing_to_who_does_not_read_any_more_fails_by_epipe_and_no_signal() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, shell("exec <&-; echo closed; exec sleep 1000"))) {
                assertEquals("closed", readLine(io, child.stdout()));
                String message = assertThrows(IOException.class, () -> {
                            child.stdin().writeAll(io, bytes("to nobody"));
                            child.stdin().flush(io);
                        })
                        .getMessage();
                assertTrue(String.valueOf(message).startsWith("write input of /bin/sh: broken pipe (EPIPE)"), message);
                assertThrows(IOException.class, () -> {
                    child.stdin().writeAll(io, bytes("once more"));
                    child.stdin().flush(io);
                });
                assertTrue(child.isAlive());
            }
        });
    }

    @Test
    void a_child_that_is_killed_in_the_middle_of_its_output_has_said_what_it_said() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, ProcessSpec.of("yes"))) {
                Reader reader = new Reader(child.stdout());
                assertEquals("y", reader.readLine(io, 10));
                child.kill();
                byte[] rest = reader.readAll(io, 1 << 22);
                for (int i = 0; i < rest.length; i++) {
                    assertEquals(i % 2 == 0 ? 'y' : '\n', rest[i]);
                }
                assertEquals(9, child.await(io, LONG).signal().orElseThrow());
            }
        });
    }

    @Test
    void output_is_still_there_after_the_end() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, shell("head -c 50000 /dev/zero; echo last >&2"))) {
                assertExits(io, 0, child);
                assertEquals("last\n", readAll(io, child.stderr()));
                assertEquals(50_000, new Reader(child.stdout()).readAll(io, 1 << 20).length);
            }
        });
    }

    @Test
    void closing_an_end_tells_who_waits_for_it_and_the_child() throws Exception {
        runWithProcesses(io -> {
            try (Child child = spawn(io, ProcessSpec.of("cat"))) {
                Started<?> reads = Started.start(
                                io,
                                () -> assertThrows(ClosedChannelException.class, () -> readSome(io, child.stdout())))
                        .untilWaiting(io);
                child.stdout().close();
                String message = String.valueOf(((ClosedChannelException) reads.await(io)).getMessage());
                assertEquals("read output of cat: closed at this end", message);
                assertThrows(ClosedChannelException.class, () -> readSome(io, child.stdout()));
                child.stdout().close();
                child.stdin().writeAll(io, bytes("to nobody"));
                child.stdin().close();
                assertThrows(ClosedChannelException.class, () -> child.stdin().write(io, bytes("more")));
                child.await(io, LONG); // by EPIPE or SIGPIPE, or as it could still write
            }
        });
    }

    @Test
    void plain_threads_and_other_tasks_use_them_too() throws Exception {
        runWithProcesses(io -> {
            for (Party party : new Party[] {Party.PLATFORM_THREAD, Party.VIRTUAL_THREAD, Party.TASK}) {
                party.start(io, io, () -> {
                            try (Child child = spawn(io, ProcessSpec.of("cat"))) {
                                child.stdin().writeAll(io, bytes("by a thread"));
                                child.stdin().close();
                                assertEquals("by a thread", readAll(io, child.stdout()));
                                assertExits(io, 0, child);
                            }
                        })
                        .await(io);
            }
        });
    }
}
