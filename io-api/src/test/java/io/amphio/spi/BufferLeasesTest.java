package io.amphio.spi;

import static io.amphio.spi.BufferLeases.Use.DRAIN;
import static io.amphio.spi.BufferLeases.Use.FILL;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BufferLeasesTest {
    @Test
    void a_leased_buffer_is_refused_until_it_is_released() {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        BufferLeases.check("read", FILL, buffer);
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, buffer);
        String message = assertThrows(IllegalStateException.class, () -> BufferLeases.check("write", DRAIN, buffer))
                .getMessage();
        assertEquals(
                "write: the buffer is in use by a read that has not completed:"
                        + " java.nio.HeapByteBuffer[pos=0 lim=8 cap=8]",
                message);
        assertThrows(IllegalStateException.class, () -> BufferLeases.take("write", DRAIN, buffer));
        lease.release();
        BufferLeases.check("write", DRAIN, buffer);
        BufferLeases.take("write", DRAIN, buffer).release();
    }

    @Test
    void buffers_with_equal_contents_are_different_buffers() {
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, ByteBuffer.allocate(8));
        assertDoesNotThrow(() -> BufferLeases.check("read", FILL, ByteBuffer.allocate(8)));
        lease.release();
    }

    @Test
    void of_several_buffers_all_are_leased_or_none() {
        ByteBuffer free = ByteBuffer.allocate(1);
        ByteBuffer busy = ByteBuffer.allocate(1);
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, busy);
        ByteBuffer[] both = {free, busy};
        assertThrows(IllegalStateException.class, () -> BufferLeases.take("write", DRAIN, both));
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("write", DRAIN, both));
        BufferLeases.check("write", DRAIN, free);
        lease.release();
        BufferLeases.Lease all = BufferLeases.take("write", DRAIN, both);
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("read", FILL, free));
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("read", FILL, busy));
        all.release();
        BufferLeases.check("write", DRAIN, both);
    }

    @Test
    void a_buffer_given_twice_is_refused() {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertThrows(
                IllegalStateException.class, () -> BufferLeases.take("read", FILL, new ByteBuffer[] {buffer, buffer}));
        BufferLeases.check("read", FILL, buffer);
    }

    @Test
    void a_second_release_is_an_error_of_ours() {
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, ByteBuffer.allocate(1));
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
            leases.add(BufferLeases.take("read", FILL, buffer));
        }
        for (ByteBuffer buffer : buffers) {
            assertThrows(IllegalStateException.class, () -> BufferLeases.check("read", FILL, buffer));
        }
        Collections.shuffle(leases, new Random(seed));
        leases.forEach(BufferLeases.Lease::release);
        buffers.forEach(buffer -> BufferLeases.check("read", FILL, buffer));
    }

    // ---------------------------------------------------------------- by memory

    /** The two kinds of memory that show where they are. */
    enum Kind {
        HEAP {
            @Override
            ByteBuffer allocate(int bytes) {
                return ByteBuffer.allocate(bytes);
            }
        },
        HEAP_IN_THE_MIDDLE {
            @Override
            ByteBuffer allocate(int bytes) {
                return ByteBuffer.wrap(new byte[bytes + 50_000], 49_999, bytes).slice();
            }
        },
        DIRECT {
            @Override
            ByteBuffer allocate(int bytes) {
                return ByteBuffer.allocateDirect(bytes);
            }
        };

        abstract ByteBuffer allocate(int bytes);
    }

    private static void assertInUse(BufferLeases.Use use, ByteBuffer buffer) {
        assertThrows(IllegalStateException.class, () -> BufferLeases.check("op", use, buffer));
        assertThrows(IllegalStateException.class, () -> BufferLeases.take("op", use, buffer));
    }

    private static void assertFree(BufferLeases.Use use, ByteBuffer buffer) {
        BufferLeases.check("op", use, buffer);
        BufferLeases.take("op", use, buffer).release();
    }

    @ParameterizedTest
    @EnumSource
    void slices_and_duplicates_of_what_is_being_filled_are_in_use(Kind kind) {
        ByteBuffer buffer = kind.allocate(100);
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, buffer.slice(20, 30));
        for (BufferLeases.Use use : BufferLeases.Use.values()) {
            assertInUse(use, buffer);
            assertInUse(use, buffer.duplicate());
            assertInUse(use, buffer.slice(20, 1));
            assertInUse(use, buffer.slice(49, 51));
            assertInUse(use, buffer.duplicate().position(10).limit(21));
            assertFree(use, buffer.slice(0, 20));
            assertFree(use, buffer.slice(50, 50));
            assertFree(use, buffer.duplicate().position(30).limit(30));
            assertFree(use, kind.allocate(100));
        }
        lease.release();
        assertFree(FILL, buffer);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_being_drained_may_be_drained_by_others_and_not_filled(Kind kind) {
        ByteBuffer message = kind.allocate(100);
        BufferLeases.Lease lease = BufferLeases.take("write", DRAIN, message.duplicate());
        BufferLeases.Lease second = BufferLeases.take("write", DRAIN, message.duplicate());
        assertFree(DRAIN, message);
        assertInUse(FILL, message);
        lease.release();
        assertInUse(FILL, message.slice(99, 1));
        second.release();
        assertFree(FILL, message);
    }

    @ParameterizedTest
    @EnumSource
    void one_buffer_object_drains_once_at_a_time_wherever_its_position_is(Kind kind) {
        ByteBuffer message = kind.allocate(100_000);
        BufferLeases.Lease lease = BufferLeases.take("write", DRAIN, message.limit(10));
        assertInUse(DRAIN, message.limit(100_000).position(90_000));
        lease.release();
        assertFree(DRAIN, message);
    }

    @Test
    void the_message_names_the_other_buffer() {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, buffer.slice(20, 30));
        assertEquals(
                "write: the buffer is in use by a read that has not completed:"
                        + " java.nio.HeapByteBuffer[pos=0 lim=100 cap=100],"
                        + " by way of java.nio.HeapByteBuffer[pos=0 lim=30 cap=30]",
                assertThrows(IllegalStateException.class, () -> BufferLeases.check("write", DRAIN, buffer))
                        .getMessage());
        lease.release();
    }

    @Test
    void a_read_only_view_of_direct_memory_is_seen_through_and_one_of_an_array_is_an_object() {
        ByteBuffer direct = ByteBuffer.allocateDirect(10);
        BufferLeases.Lease lease = BufferLeases.take("read", FILL, direct);
        assertInUse(DRAIN, direct.asReadOnlyBuffer());
        lease.release();
        ByteBuffer view = ByteBuffer.allocate(10).asReadOnlyBuffer();
        BufferLeases.Lease ofView = BufferLeases.take("write", DRAIN, view);
        assertInUse(DRAIN, view);
        assertFree(DRAIN, view.duplicate());
        ofView.release();
    }

    /** Against the obvious: a count for each byte. */
    @ParameterizedTest
    @EnumSource
    void random_parts_of_a_large_buffer_exclude_each_other_as_their_bytes_do(Kind kind) {
        long seed = Long.getLong("amphio.seed", System.nanoTime());
        Random random = new Random(seed);
        int size = 400_000;
        ByteBuffer buffer = kind.allocate(size);
        int[] filled = new int[size];
        int[] drained = new int[size];
        List<Taken> taken = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            if (!taken.isEmpty() && random.nextInt(3) == 0) {
                Taken one = taken.remove(random.nextInt(taken.size()));
                one.lease.release();
                one.count(filled, drained, -1);
                continue;
            }
            int from = random.nextInt(size);
            int to = Math.min(size, from + random.nextInt(random.nextInt(5) == 0 ? size : 2_000));
            BufferLeases.Use use = random.nextInt(3) == 0 ? FILL : DRAIN;
            boolean free = true;
            for (int i = from; i < to; i++) {
                free &= filled[i] == 0 && (use == DRAIN || drained[i] == 0);
            }
            ByteBuffer part = random.nextBoolean()
                    ? buffer.slice(from, to - from)
                    : buffer.duplicate().position(from).limit(to);
            String what = "seed " + seed + ", step " + step + ": " + use + " from " + from + " to " + to;
            if (free) {
                BufferLeases.check("op", use, part);
                Taken one = new Taken(BufferLeases.take("op", use, part), use, from, to);
                one.count(filled, drained, 1);
                taken.add(one);
            } else {
                assertThrows(IllegalStateException.class, () -> BufferLeases.check("op", use, part), what);
                assertThrows(IllegalStateException.class, () -> BufferLeases.take("op", use, part), what);
            }
        }
        taken.forEach(one -> one.lease.release());
        assertFree(FILL, buffer);
    }

    private record Taken(BufferLeases.Lease lease, BufferLeases.Use use, int from, int to) {
        void count(int[] filled, int[] drained, int more) {
            int[] counts = use == FILL ? filled : drained;
            for (int i = from; i < to; i++) {
                counts[i] += more;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_two_that_take_overlapping_parts_at_once_at_most_one_has_its_lease(Kind kind) throws Exception {
        ByteBuffer buffer = kind.allocate(200_000);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger successes = new AtomicInteger();
        List<Callable<Void>> bodies = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ByteBuffer part = buffer.slice(i * 70_000, 100_000 + 30_000); // they share the second of three blocks
            bodies.add(() -> {
                for (int round = 0; round < 10_000; round++) {
                    BufferLeases.Lease lease;
                    try {
                        lease = BufferLeases.take("read", FILL, part);
                    } catch (IllegalStateException taken) {
                        continue;
                    }
                    assertEquals(1, inside.incrementAndGet());
                    successes.incrementAndGet();
                    inside.decrementAndGet();
                    lease.release();
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (var each : threads.invokeAll(bodies)) {
                each.get();
            }
        }
        assertTrue(successes.get() > 0);
        assertFree(FILL, buffer);
    }
}
