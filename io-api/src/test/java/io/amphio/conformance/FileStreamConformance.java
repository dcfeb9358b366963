package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.OpenOptions;
import io.amphio.stream.Reader;
import io.amphio.stream.Writer;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What open files promise beyond a read or a write at a position. */
@SuppressWarnings("try") // what a close within does is what is tested
public abstract class FileStreamConformance extends FolderConformance {
    @Test
    void streaming_moves_the_position_and_seek_sets_it() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                file.writeAll(io, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                assertEquals(3, file.position(io));
                assertEquals(-1, file.read(io, ByteBuffer.allocate(1)));
                file.seek(io, 1);
                ByteBuffer two = ByteBuffer.allocate(1);
                assertEquals(1, file.read(io, two));
                assertEquals(2, two.get(0));
                assertEquals(1, file.readAt(io, ByteBuffer.allocate(1), 0));
                assertEquals(2, file.position(io), "a read at a position has moved it");
                assertThrows(IllegalArgumentException.class, () -> file.seek(io, -1));
            }
        });
    }

    @Test
    void a_reader_and_a_writer_work_on_a_file_also_as_streams_of_the_jdk() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                Writer writer = new Writer(file, 4); // smaller than a line, so that both go to the file more than once
                writer.writeString(io, "first\n");
                PrintStream printed = new PrintStream(writer.toOutputStream(io), true, StandardCharsets.UTF_8);
                printed.print("second\n");
                assertFalse(printed.checkError());
                writer.flush(io);
                file.seek(io, 0);
                Reader reader = new Reader(file, 4);
                assertEquals("first", reader.readLine(io, 100));
                try (InputStream rest = reader.toInputStream(io)) {
                    assertEquals("second\n", new String(rest.readAllBytes(), StandardCharsets.UTF_8));
                }
                assertTrue(reader.isAtEnd(io));
            }
        });
    }

    @Test
    void the_length_is_cut_off_and_filled_up_with_zeros() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                file.writeAll(io, bytes("abc"));
                file.setLength(io, 1);
                assertEquals(3, file.position(io));
                file.setLength(io, 4);
                assertEquals(4, file.size(io));
                file.syncData(io);
                file.sync(io);
                assertEquals("a\0\0\0", read(io, dir, "a"));
                assertThrows(IllegalArgumentException.class, () -> file.setLength(io, -1));
                try (File reading = dir.open(io, "a", OpenOptions.reading())) {
                    refused("set the length of", "EINVAL", () -> reading.setLength(io, 0));
                }
            }
        });
    }

    @Test
    void several_buffers_are_filled_and_drained_in_order() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                ByteBuffer none = ByteBuffer.allocate(0);
                assertEquals(5, file.write(io, bytes("ab"), none, ByteBuffer.allocateDirect(3)));
                assertEquals(4, file.writeAt(io, new ByteBuffer[] {bytes("cd"), none, bytes("ef")}, 2));
                file.seek(io, 0);
                ByteBuffer one = ByteBuffer.allocate(1);
                ByteBuffer rest = ByteBuffer.allocateDirect(9);
                assertEquals(6, file.read(io, one, none, rest));
                assertEquals('a', one.get(0));
                byte[] read = new byte[5];
                rest.flip().get(read);
                assertArrayEquals(new byte[] {'b', 'c', 'd', 'e', 'f'}, read);
                assertEquals(2, file.readAt(io, new ByteBuffer[] {one.clear(), ByteBuffer.allocate(1)}, 3));
                assertEquals('d', one.get(0));
                assertEquals(-1, file.readAt(io, new ByteBuffer[] {one.clear()}, 6));
                assertEquals(-1, file.read(io, one, rest.clear()));
                assertEquals(0, file.read(io, none, ByteBuffer.allocate(0)));
                assertEquals(0, file.writeAt(io, new ByteBuffer[0], 0));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> file.readAt(io, new ByteBuffer[] {one, one.asReadOnlyBuffer()}, 0));
                assertThrows(IllegalStateException.class, () -> file.read(io, one, one), "one buffer, twice");
            }
        });
    }

    @Test
    void what_is_appended_goes_to_the_end_also_where_others_append() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File one = dir.open(io, "a", OpenOptions.appending().create());
                    File other = dir.open(io, "a", OpenOptions.appending())) {
                one.writeAll(io, bytes("1"));
                other.writeAll(io, bytes("2"));
                one.write(io, bytes("3"), bytes("4"));
                other.writeAt(io, new ByteBuffer[] {bytes("5"), bytes("6")}, 0);
                assertEquals("123456", read(io, dir, "a"));
                dir.open(io, "a", OpenOptions.appending().truncate()).close();
                assertEquals("", read(io, dir, "a"));
            }
        });
    }

    @Test
    void streaming_operations_of_many_tasks_take_turns() throws Exception {
        run((io, other) -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                Started<?> first = Started.start(io, () -> writeTens(io, file, "1"));
                Started<?> second = Started.start(other, () -> writeTens(other, file, "2"));
                first.await(io);
                second.await(io);
                assertEquals(80, file.position(io));
                String all = read(io, dir, "a");
                assertEquals("", all.replace("1111", "").replace("2222", ""));
                assertEquals(40, all.replace("2", "").length());
            }
        });
    }

    private static void writeTens(io.amphio.Io io, File file, String digit) throws java.io.IOException {
        for (int i = 0; i < 10; i++) {
            file.writeAll(io, bytes(digit.repeat(4)));
        }
    }

    @Test
    void a_part_is_mapped_into_memory() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH);
                    Arena arena = Arena.ofShared()) {
                file.writeAll(io, bytes("abcdef"));
                MemorySegment part = file.map(io, FileChannel.MapMode.READ_WRITE, 2, 3, arena);
                assertEquals('c', part.get(ValueLayout.JAVA_BYTE, 0));
                part.set(ValueLayout.JAVA_BYTE, 0, (byte) 'x');
                file.close(); // which it outlives
                part.set(ValueLayout.JAVA_BYTE, 1, (byte) 'y');
                assertEquals("abxyef", read(io, dir, "a"));
                try (File reading = dir.open(io, "a", OpenOptions.reading())) {
                    refused("map", "EBADF", () -> reading.map(io, FileChannel.MapMode.READ_WRITE, 0, 1, arena));
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> reading.map(io, FileChannel.MapMode.READ_ONLY, -1, 1, arena));
                }
                try (File writing = dir.open(io, "a", OpenOptions.writing())) {
                    refused("map", "EBADF", () -> writing.map(io, FileChannel.MapMode.READ_ONLY, 0, 1, arena));
                }
            }
        });
    }
}
