package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BufferLeasesTest {
    @Test
    void a_leased_buffer_is_refused_until_it_is_released() {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        BufferLeases.check("read", buffer);
        BufferLeases.Lease lease = BufferLeases.take("read", buffer);
        String message = assertThrows(IllegalStateException.class, () -> BufferLeases.check("write", buffer))
                .getMessage();
        assertEquals(
                "write: the buffer is in use by a read that has not completed:"
                        + " java.nio.HeapByteBuffer[pos=0 lim=8 cap=8]",
                message);
        assertThrows(IllegalStateException.class, () -> BufferLeases.take("write", buffer));
        lease.release();
        BufferLeases.check("write", buffer);
        BufferLeases.take("write", buffer).release();
    }

    @Test
    void buffers_with_equal_contents_are_different_buffers() {
        BufferLeases.Lease lease = BufferLeases.take("read", ByteBuffer.allocate(8));
        assertDoesNotThrow(() -> BufferLeases.check("read", ByteBuffer.allocate(8)));
        lease.release();
    }

    @Test
    void of_several_buffers_all_are_leased_or_none() {
        ByteBuffer free = ByteBuffer.allocate(1);
        ByteBuffer busy = ByteBuffer.allocate(1);
        BufferLeases.Lease lease = BufferLeases.take("read", busy);
        ByteBuffer[] both = {free, busy};
        assertThrows(IllegalStateException.class, () -> BufferLeases.take("write", both));
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("write", both));
        BufferLeases.check("write", free);
        lease.release();
        BufferLeases.Lease all = BufferLeases.take("write", both);
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("read", free));
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("read", busy));
        all.release();
        BufferLeases.check("write", both);
    }

    @Test
    void a_buffer_given_twice_is_refused() {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThrows(IllegalStateException.class, () -> BufferLeases.take("read", new ByteBuffer[] {buffer, buffer}));
        BufferLeases.check("read", buffer);
    }

    @Test
    void a_second_release_is_an_error_of_ours() {
        BufferLeases.Lease lease = BufferLeases.take("read", ByteBuffer.allocate(1));
        lease.release();
        assertThrows(AssertionError.class, lease::release);
    }

    @Test
    void thousands_of_leases_come_and_go_in_any_order() {
        long seed = Long.getLong("amphio.seed", System.nanoTime());
        List<ByteBuffer> buffers = new ArrayList<>();
        List<BufferLeases.Lease> leases = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            buffers.add(buffer);
            leases.add(BufferLeases.take("read", buffer));
        }
        for (ByteBuffer buffer : buffers) {
            assertThrows(IllegalStateException.class, () -> BufferLeases.check("read", buffer));
        }
        Collections.shuffle(leases, new Random(seed));
        leases.forEach(BufferLeases.Lease::release);
        buffers.forEach(buffer -> BufferLeases.check("read", buffer));
    }
}
