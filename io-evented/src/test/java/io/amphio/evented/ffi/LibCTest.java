package io.amphio.evented.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The C library of this machine: the calls, and that a failed one tells its errno. */
@EnabledOnOs({OS.LINUX, OS.MAC, OS.FREEBSD})
class LibCTest {
    @BeforeAll
    static void available() {
        assertNull(NativeAccess.refusal());
    }

    @Test
    void what_fails_returns_the_negative_errno_of_that_call() throws Exception {
        assertEquals(-LibC.ERRNO.number("EBADF"), LibC.close(-1));
        assertEquals(-LibC.ERRNO.number("EBADF"), LibC.listen(-1, 1));
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom("/no/such/file").address();
            assertEquals(-LibC.ERRNO.number("ENOENT"), FileLibC.openat(-100, name, 0, 0));
        }
        Thread other = Thread.ofPlatform().start(() -> LibC.close(-1));
        other.join();
        assertEquals(-LibC.ERRNO.number("EBADF"), LibC.close(-1));
    }

    @Test
    void a_pipe_carries_bytes() {
        try (Arena arena = Arena.ofConfined()) {
            var fds = arena.allocate(8, 4);
            assertEquals(0, LibC.pipe(fds.address()));
            int source = fds.get(JAVA_INT, 0);
            int sink = fds.get(JAVA_INT, 4);
            var bytes = arena.allocateFrom("amphio");
            assertEquals(6, LibC.write(sink, bytes.address(), 6));
            var read = arena.allocate(16);
            assertEquals(6, LibC.read(source, read.address(), 16));
            assertEquals('a', read.get(JAVA_BYTE, 0));
            assertTrue(LibC.setNonBlocking(source) >= 0);
            assertEquals(-LibC.EAGAIN, LibC.read(source, read.address(), 16));
            assertEquals(0, LibC.close(source));
            assertEquals(0, LibC.close(sink));
        }
    }

    @Test
    void only_buffers_that_live_as_long_as_they_are_held_are_passed_in_place() {
        var direct = ByteBuffer.allocateDirect(16);
        long address = NativeMemory.addressOf(direct);
        assertNotEquals(0, address);
        assertEquals(address + 3, NativeMemory.addressOf(direct.position(3).slice()));
        assertNotEquals(0, NativeMemory.addressOf(direct.asReadOnlyBuffer()));
        assertEquals(0, NativeMemory.addressOf(ByteBuffer.allocate(16)));
        try (Arena shared = Arena.ofShared();
                Arena confined = Arena.ofConfined()) {
            assertEquals(0, NativeMemory.addressOf(shared.allocate(16).asByteBuffer()));
            assertEquals(0, NativeMemory.addressOf(confined.allocate(16).asByteBuffer()));
        }
    }

    @Test
    void a_name_is_bytes_with_a_zero_at_the_end() {
        assertEquals(4, FileNames.encode("abc").length);
        assertEquals(0, FileNames.encode("abc")[3]);
        assertNull(FileNames.encode("a\0b"));
        assertEquals("ö", FileNames.decode("ö".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
