package io.amphio.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PooledBuffersTest {
    private final PooledBuffers buffers = new PooledBuffers();

    private static long address(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address();
    }

    @Test
    void a_buffer_has_the_size_that_was_asked_for() {
        for (int size : new int[] {1, 255, 256, 257, 4096, 5000, 1 << 20, (1 << 20) + 1}) {
            ByteBuffer buffer = buffers.take(size);
            assertTrue(buffer.isDirect());
            assertEquals(0, buffer.position());
            assertEquals(size, buffer.limit());
            assertEquals(size, buffer.capacity());
            assertEquals(ByteOrder.BIG_ENDIAN, buffer.order());
            buffers.give(buffer);
        }
        assertThrows(IllegalArgumentException.class, () -> buffers.take(0));
    }

    @Test
    void what_is_given_back_is_used_again_for_the_same_power_of_two() {
        ByteBuffer first = buffers.take(3000);
        long address = address(first);
        first.position(7).limit(9);
        buffers.give(first);
        ByteBuffer other = buffers.take(5000);
        assertNotEquals(address, address(other));
        ByteBuffer second = buffers.take(4096);
        assertEquals(address, address(second));
        assertEquals(4096, second.remaining());
    }

    @Test
    void two_that_are_out_share_no_memory() {
        ByteBuffer one = buffers.take(256);
        ByteBuffer other = buffers.take(256);
        assertTrue(Math.abs(address(one) - address(other)) >= 256);
    }

    @Test
    void what_is_not_from_here_or_was_given_back_is_refused() {
        ByteBuffer taken = buffers.take(10);
        buffers.give(taken);
        assertThrows(IllegalArgumentException.class, () -> buffers.give(taken));
        ByteBuffer again = buffers.take(10); // the same block, and the old buffer must not pass for it
        assertThrows(IllegalArgumentException.class, () -> buffers.give(taken));
        buffers.give(again);
        assertThrows(IllegalArgumentException.class, () -> buffers.give(ByteBuffer.allocateDirect(10)));
        assertThrows(IllegalArgumentException.class, () -> buffers.give(new PooledBuffers().take(10)));
        ByteBuffer third = buffers.take(10);
        assertThrows(IllegalArgumentException.class, () -> buffers.give(third.duplicate()));
        buffers.give(third);
    }

    @Test
    void one_that_an_operation_uses_is_not_taken_back() {
        ByteBuffer taken = buffers.take(10);
        BufferLeases.Lease lease = BufferLeases.take("read", BufferLeases.Use.FILL, taken);
        String message = assertThrows(IllegalStateException.class, () -> buffers.give(taken))
                .getMessage();
        assertTrue(message.startsWith("give: the buffer is in use by a read"), message);
        lease.release();
        buffers.give(taken);
    }

    @Test
    void one_of_which_an_operation_uses_a_slice_is_not_taken_back() {
        ByteBuffer taken = buffers.take(10);
        BufferLeases.Lease lease = BufferLeases.take("write", BufferLeases.Use.DRAIN, taken.slice(9, 1));
        taken.limit(5);
        assertThrows(IllegalStateException.class, () -> buffers.give(taken));
        lease.release();
        buffers.give(taken);
    }

    @Test
    void what_is_never_given_back_is_collected() {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        long most = 0;
        for (int i = 0; i < 2000; i++) { // 2 GB in all
            buffers.take(1 << 20).put(0, (byte) 1);
            most = Math.max(most, direct.getMemoryUsed());
            if (i % 200 == 199) {
                System.gc();
            }
        }
        assertTrue(most < 1_000L << 20, "direct memory reached " + (most >> 20) + " MB");
    }

    @Test
    void threads_that_take_and_give_never_hold_the_same_block() throws Exception {
        List<Thread> threads = new ArrayList<>();
        boolean[] failed = new boolean[1];
        for (int t = 0; t < 4; t++) {
            byte mark = (byte) t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    ByteBuffer buffer = buffers.take(300 + i % 3);
                    buffer.put(0, mark);
                    Thread.onSpinWait();
                    if (buffer.get(0) != mark) {
                        failed[0] = true;
                    }
                    buffers.give(buffer);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertFalse(failed[0]);
    }
}
