package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.amphio.evented.ffi.NativeAccess;
import io.amphio.evented.ffi.SocketAbi;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What one call is asked to transfer. */
class VectorTest {
    private static final int EACH = 64 << 20;

    @Test
    void it_is_never_more_than_an_int_can_say_and_positions_follow() {
        assumeTrue(NativeAccess.refusal() == null, NativeAccess.refusal());
        var one = ByteBuffer.allocateDirect(EACH);
        var buffers = new ByteBuffer[40]; // 2.5 GiB in all, of one memory
        Arrays.setAll(buffers, i -> one.duplicate());
        Scratch scratch = Scratch.take();
        try {
            int entries = Vector.fill(scratch, buffers, false);
            long total = 0;
            for (int i = 0; i < entries; i++) {
                total += scratch.memory.get(JAVA_LONG, Scratch.VECTOR + (long) i * SocketAbi.IOVEC_SIZE + 8);
            }
            assertEquals(Integer.MAX_VALUE, total);
            Vector.advance(scratch, buffers, total, false);
            assertEquals(
                    total,
                    Arrays.stream(buffers).mapToLong(ByteBuffer::position).sum());
            assertEquals(1, buffers[31].remaining());
        } finally {
            scratch.give();
        }
    }
}
