package io.amphio.spi.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Timeout;
import io.amphio.testing.ThreadIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The steps of a pump, one after the other. */
class PumpTest {
    private static final byte END = -1;

    private final ThreadIo io = ThreadIo.platform();

    @AfterEach
    void close() {
        io.close();
    }

    /** An input that waits for each byte. */
    private static final class Slow extends InputStream {
        private final SynchronousQueue<Byte> bytes = new SynchronousQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            throw new AssertionError("byte by byte");
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            try {
                byte next = bytes.take();
                assertTrue(closed.getCount() > 0, "closed under the feet of who reads");
                if (next == END) {
                    return -1;
                }
                target[from] = next;
                return 1;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static String taken(PumpedSource source) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(10);
        long count = source.attempt(new ByteBuffer[] {target});
        return count > 0 ? new String(target.array(), 0, (int) count, StandardCharsets.US_ASCII) : "" + count;
    }

    @Test
    void what_came_between_an_attempt_and_the_wait_is_not_read_over() throws Exception {
        Slow input = new Slow();
        PumpedSource source = new PumpedSource("output of test", input);
        assertEquals("-2", taken(source));
        Thread waits = Thread.ofPlatform().start(() -> source.awaitReady(io, Timeout.NONE)); // starts the pump
        assertEquals("-2", taken(source)); // whether it runs already or not
        input.bytes.put((byte) 'a');
        waits.join();
        source.awaitReady(io, Timeout.NONE); // it was idle, with a byte: no second read begins
        assertEquals("a", taken(source));
        Thread more = Thread.ofPlatform().start(() -> source.awaitReady(io, Timeout.NONE));
        input.bytes.put(END);
        more.join();
        assertEquals("-1", taken(source));
        source.awaitReady(io, Timeout.NONE); // at the end nothing is read any more
        assertEquals("-1", taken(source));
        source.close();
        assertTrue(input.closed.getCount() == 0);
    }

    @Test
    void a_close_waits_for_who_reads_and_tells_who_waits() throws Exception {
        Slow input = new Slow();
        PumpedSource source = new PumpedSource("output of test", input);
        LinkedBlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        Thread reads = Thread.ofPlatform().start(() -> {
            try {
                source.read(io, ByteBuffer.allocate(1));
            } catch (IOException closed) {
                told.add(closed);
            }
        });
        while (!source.isPumping()) {
            Thread.onSpinWait();
        }
        source.close();
        assertTrue(told.take() instanceof ClosedChannelException);
        reads.join();
        assertEquals(1, input.closed.getCount());
        input.bytes.put((byte) 'x'); // to nobody
        input.closed.await();
        assertThrows(ClosedChannelException.class, () -> taken(source));
    }

    @Test
    void a_failed_write_is_told_to_the_next_and_to_flush() throws Exception {
        PumpedSink sink = new PumpedSink("input of test", new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        ByteBuffer bytes = ByteBuffer.allocate(5);
        assertEquals(5, sink.write(io, bytes));
        assertFalse(bytes.hasRemaining());
        String message = assertThrows(IOException.class, () -> sink.flush(io)).getMessage();
        assertEquals("write input of test: broken pipe (EPIPE): nobody reads it any more", message);
        assertThrows(IOException.class, () -> sink.write(io, ByteBuffer.allocate(1)));
        sink.close();
    }
}
