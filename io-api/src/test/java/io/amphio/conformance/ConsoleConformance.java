package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.TaskCanceledException;
import io.amphio.TimedOutException;
import io.amphio.console.Console;
import io.amphio.console.StandardStream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a console promises, on pipes of the system; {@code TerminalConformance} has a process with a terminal. */
public abstract class ConsoleConformance extends Conformance {
    private static final int MUCH = 1 << 20; // more than a pipe and the console's buffer hold

    /** A console whose other ends are the test's. */
    private record Ends(Console console, OutputStream typed, InputStream shown, InputStream complained)
            implements AutoCloseable {
        static Ends open() throws IOException {
            Pipe in = Pipe.open();
            Pipe out = Pipe.open();
            Pipe error = Pipe.open();
            return new Ends(
                    Console.of(
                            Channels.newInputStream(in.source()),
                            Channels.newOutputStream(out.sink()),
                            Channels.newOutputStream(error.sink())),
                    Channels.newOutputStream(in.sink()),
                    Channels.newInputStream(out.source()),
                    Channels.newInputStream(error.source()));
        }

        @Override
        public void close() throws IOException {
            typed.close();
            shown.close();
            complained.close();
        }
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    private static String read(Io io, Console console) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = console.input().read(io, target);
        return count < 0
                ? "the end"
                : StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    @Test
    void what_is_typed_is_read_and_then_the_end() throws Exception {
        run(io -> {
            try (Ends ends = Ends.open()) {
                ends.typed().write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
                Reader reader = new Reader(ends.console().input());
                assertEquals("one", reader.readLine(io, 10));
                assertEquals("two", reader.readLine(io, 10));
                assertEquals(0, ends.console().input().read(io, ByteBuffer.allocate(0)));
                ends.typed().close();
                assertEquals("the end", read(io, ends.console()));
                assertEquals("the end", read(io, ends.console()));
            }
        });
    }

    @Test
    void a_read_that_waits_holds_up_nobody_and_is_canceled_without_losing_a_byte() throws Exception {
        run(io -> {
            try (Ends ends = Ends.open()) {
                for (int round = 0; round < 20; round++) {
                    Started<?> waiting =
                            Started.start(io, () -> read(io, ends.console())).untilWaiting(io);
                    Started<Integer> other = Started.start(io, () -> {
                        io.yieldNow();
                        return 1;
                    });
                    assertEquals(1, other.future().await(io));
                    assertInstanceOf(
                            TaskCanceledException.class, waiting.cancel(io).getCause());
                    assertThrows(
                            TimedOutException.class,
                            () -> io.withTimeout(Duration.ofMillis(1), () -> read(io, ends.console())));
                    ends.typed().write(("line " + round).getBytes(StandardCharsets.UTF_8));
                    assertEquals("line " + round, readAll(io, ends.console(), ("line " + round).length()));
                }
            }
        });
    }

    private static String readAll(Io io, Console console, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        while (target.hasRemaining()) {
            assertTrue(console.input().read(io, target) > 0);
        }
        return StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    @Test
    void nothing_is_read_ahead_of_what_was_asked_for() throws Exception {
        run(io -> {
            Pipe in = Pipe.open();
            try (InputStream source = Channels.newInputStream(in.source());
                    OutputStream typed = Channels.newOutputStream(in.sink())) {
                Console console = Console.of(source, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
                typed.write("abcdef".getBytes(StandardCharsets.UTF_8));
                ByteBuffer two = ByteBuffer.allocate(2);
                assertEquals(2, console.input().read(io, two));
                assertArrayEquals("cdef".getBytes(StandardCharsets.UTF_8), source.readNBytes(4)); // somebody else does
            }
        });
    }

    @Test
    void what_is_written_is_shown_also_without_a_flush() throws Exception {
        run(io -> {
            try (Ends ends = Ends.open()) {
                ends.console().output().writeAll(io, bytes("shown\n"));
                ends.console().error().writeAll(io, bytes("bad\n"));
                assertEquals(
                        "shown\n", new String(io.call(io, () -> ends.shown().readNBytes(6)), StandardCharsets.UTF_8));
                assertEquals(
                        "bad\n",
                        new String(io.call(io, () -> ends.complained().readNBytes(4)), StandardCharsets.UTF_8));
                ends.console().output().flush(io);
            }
        });
    }

    @Test
    void a_write_that_nobody_reads_waits_alone_and_can_be_canceled_and_all_bytes_come_in_order() throws Exception {
        run(io -> {
            try (Ends ends = Ends.open()) {
                ByteBuffer much = ByteBuffer.allocate(MUCH);
                for (int i = 0; i < MUCH; i++) {
                    much.put(i, (byte) (i % 251));
                }
                Started<?> writing = Started.start(
                                io, () -> ends.console().output().writeAll(io, much))
                        .untilWaiting(io);
                until(io, () -> writing.waitsFor().contains("nobody reads"));
                assertInstanceOf(TaskCanceledException.class, writing.cancel(io).getCause());
                int written = much.position();
                assertTrue(written >= 1 << 16, written + " bytes");
                byte[] come = io.call(io, () -> ends.shown().readNBytes(written));
                ends.console().output().flush(io);
                byte[] expected = new byte[written];
                much.get(0, expected);
                assertArrayEquals(expected, come);
            }
        });
    }

    @Test
    void a_flush_waits_until_all_is_out_and_can_be_given_up() throws Exception {
        run(io -> {
            CountDownLatch gate = new CountDownLatch(1);
            OutputStream slow = new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
            };
            Console console = Console.of(InputStream.nullInputStream(), slow, OutputStream.nullOutputStream());
            console.output().writeAll(io, bytes("slow"));
            assertThrows(
                    TimedOutException.class,
                    () -> io.withTimeout(
                            Duration.ofMillis(2), () -> console.output().flush(io)));
            gate.countDown();
            console.output().flush(io);
        });
    }

    @Test
    void when_the_reader_has_gone_writes_and_flushes_fail_and_say_where() throws Exception {
        run(io -> {
            AtomicInteger writes = new AtomicInteger();
            OutputStream broken = new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    writes.incrementAndGet();
                    throw new IOException("Broken pipe");
                }
            };
            Console console = Console.of(InputStream.nullInputStream(), broken, OutputStream.nullOutputStream());
            console.output().writeAll(io, bytes("lost"));
            IOException failed =
                    assertThrows(IOException.class, () -> console.output().flush(io));
            assertEquals("write to output: Broken pipe", failed.getMessage());
            assertThrows(IOException.class, () -> console.output().writeAll(io, bytes("more")));
            assertEquals(1, writes.get());
            console.error().writeAll(io, bytes("not that one"));
            console.error().flush(io);
        });
    }

    @Test
    void what_is_no_terminal_says_so_and_has_no_size() throws Exception {
        run(io -> {
            try (Ends ends = Ends.open()) {
                for (StandardStream each : StandardStream.values()) {
                    assertFalse(ends.console().isTerminal(each));
                }
                assertTrue(ends.console().size().isEmpty());
            }
        });
    }
}
