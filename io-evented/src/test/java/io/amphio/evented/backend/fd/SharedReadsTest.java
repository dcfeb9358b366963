package io.amphio.evented.backend.fd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import io.amphio.evented.backend.Operation.Outcome;
import io.amphio.evented.ffi.NativeAccess;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Reads of descriptors that are shared. */
class SharedReadsTest {
    @Test
    void a_buffer_whose_arena_is_closed_fails_its_read_and_a_late_cancel_finds_nobody() throws Exception {
        assumeTrue(NativeAccess.refusal() == null, NativeAccess.refusal());
        var pipe = FdPipeEnd.open();
        pipe.sink().trySend(new ByteBuffer[] {ByteBuffer.allocate(3)});
        var shared = SharedFd.of(((FdPipeEnd) pipe.source()).number());
        var calls = new FdFiles();
        var read = new Operation(Kind.READ, this);
        read.setDescriptor(shared);
        read.setRange(-1, 0);
        try (Arena arena = Arena.ofConfined()) {
            read.setBuffers(new ByteBuffer[] {arena.allocate(8).asByteBuffer()});
        }
        calls.perform(read);
        assertEquals(Outcome.FAILED, read.outcome());
        assertNull(Objects.requireNonNull(read.failure()).errno());
        calls.cancel(read); // of which nothing may be left but a mark

        read.setTicket(null);
        read.setBuffers(new ByteBuffer[] {ByteBuffer.allocate(8)});
        calls.perform(read);
        assertEquals(3, read.count());
        assertTrue(read.ticket() == null);
        pipe.source().close();
        pipe.sink().close();
    }
}
