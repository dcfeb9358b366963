package io.amphio.interop.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Future;
import io.amphio.Outcome;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.interop.OnEachIo;
import io.amphio.interop.Running;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamsTest extends OnEachIo {
    private Stream near;
    private Stream far;

    @BeforeEach
    void open() throws IOException {
        try (Server server = io.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            near = io.net().connect(io, server.localAddress());
            far = server.accept(io);
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(5).nextBytes(bytes);
        return bytes;
    }

    // ---------------------------------------------------------------- views

    @Test
    void code_that_knows_streams_of_the_jdk_runs_over_a_socket() throws Exception {
        byte[] large = bytes(300_000);
        Future<?> writing = io.concurrent(() -> {
                    try (ObjectOutputStream objects = new ObjectOutputStream(Streams.outputStream(io, near))) {
                        objects.writeObject("one");
                        objects.writeObject(large);
                    }
                })
                .get();
        try (InputStream input = Streams.inputStream(io, far);
                ObjectInputStream objects = new ObjectInputStream(input)) {
            assertEquals("one", objects.readObject());
            assertArrayEquals(large, (byte[]) objects.readObject());
            assertEquals(-1, input.read());
        }
        writing.await(io);
        assertFalse(near.isOpen() || far.isOpen());
    }

    @Test
    void a_cancel_passes_through_a_view_and_the_stream_goes_on() throws Exception {
        InputStream input = Streams.inputStream(io, far);
        Running<Integer> reading = Running.<Integer>start(io, input::read).untilWaiting();
        assertTrue(reading.endsCanceled(io));
        far.setReadTimeout(Timeout.afterMillis(3));
        assertThrows(TimedOutException.class, input::read);
        far.setReadTimeout(Timeout.NONE);
        try (OutputStream output = Streams.outputStream(io, near)) {
            output.write(200);
            assertEquals(200, input.read());
        }
        assertEquals(-1, input.read());
        far.close();
        assertThrows(ClosedChannelException.class, input::read);
    }

    @Test
    void a_channel_writes_all_and_reads_what_is_there() throws Exception {
        byte[] large = bytes(2_000_000);
        try (ByteChannel channel = Streams.byteChannel(io, near)) {
            Running<Integer> writing = Running.start(io, () -> channel.write(ByteBuffer.wrap(large)));
            byte[] received =
                    Channels.newInputStream(Streams.byteChannel(io, far)).readNBytes(large.length);
            assertArrayEquals(large, received);
            assertEquals(large.length, writing.future.await(io));
            assertTrue(channel.isOpen());
        }
        assertFalse(near.isOpen());
    }

    // ---------------------------------------------------------------- and back

    @Test
    void a_canceled_read_of_a_stream_that_blocks_loses_nothing() throws Exception {
        PipedInputStream pipe = new PipedInputStream();
        PipedOutputStream feed = new PipedOutputStream(pipe);
        try (Stream stream = Streams.stream(io, pipe, OutputStream.nullOutputStream())) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            Running<Integer> reading =
                    Running.<Integer>start(io, () -> stream.read(io, buffer)).untilWaiting();
            assertTrue(reading.endsCanceled(io));
            stream.setReadTimeout(Timeout.afterMillis(3));
            assertThrows(TimedOutException.class, () -> stream.read(io, buffer));
            assertEquals(0, buffer.position());
            stream.setReadTimeout(Timeout.NONE);
            feed.write(new byte[] {1, 2, 3});
            feed.close();
            int count = stream.read(io, buffer);
            while (count < 3) {
                count += stream.read(io, buffer);
            }
            assertEquals(-1, stream.read(io, buffer));
            assertEquals(3, buffer.position());
        }
    }

    @Test
    void a_write_that_blocks_is_waited_for_by_the_next_and_a_cancel_takes_nothing_back() throws Exception {
        PipedInputStream sink = new PipedInputStream(4);
        PipedOutputStream pipe = new PipedOutputStream(sink);
        byte[] sent = bytes(20);
        try (Stream stream = Streams.stream(io, InputStream.nullInputStream(), pipe)) {
            ByteBuffer source = ByteBuffer.wrap(sent, 0, 10);
            assertEquals(10, stream.write(io, source)); // taken over; the thread that writes them is stuck at the fifth
            ByteBuffer more = ByteBuffer.wrap(sent, 10, 10);
            Running<Integer> second =
                    Running.<Integer>start(io, () -> stream.write(io, more)).untilWaiting();
            assertTrue(second.endsCanceled(io));
            assertEquals(10, more.position() + 0);
            Running<byte[]> drained = Running.start(io, () -> io.call(io, () -> sink.readNBytes(20)));
            stream.writeAll(io, more);
            stream.flush(io);
            assertArrayEquals(sent, drained.future.await(io));
        }
    }

    @Test
    @SuppressWarnings("InputStreamSlowMultibyteRead") // it fails at the first byte
    void failures_of_both_directions_are_io_exceptions() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("planned");
            }
        };
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("planned");
            }
        };
        try (Stream stream = Streams.stream(io, broken, full)) {
            IOException read = assertThrows(IOException.class, () -> stream.read(io, ByteBuffer.allocate(1)));
            assertTrue(read.getMessage().endsWith("planned"), read::getMessage);
            stream.write(io, ByteBuffer.allocate(1));
            assertThrows(IOException.class, () -> stream.flush(io));
            assertThrows(UnsupportedOperationException.class, stream::localAddress);
            assertThrows(
                    UnsupportedOperationException.class, () -> stream.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    @Test
    void a_close_ends_a_read_that_waits_and_closes_both() throws Exception {
        CountDownLatch closed = new CountDownLatch(2);
        PipedInputStream pipe = new PipedInputStream() {
            @Override
            public void close() throws IOException {
                closed.countDown();
                super.close();
            }
        };
        try (PipedOutputStream _ = new PipedOutputStream(pipe)) {
            OutputStream output = new OutputStream() {
                @Override
                public void write(int value) {}

                @Override
                public void close() {
                    closed.countDown();
                }
            };
            Stream stream = Streams.stream(io, pipe, output);
            Running<Integer> reading = Running.<Integer>start(io, () -> stream.read(io, ByteBuffer.allocate(1)))
                    .untilWaiting();
            assertThrows(
                    IllegalStateException.class,
                    () -> stream.read(io, ByteBuffer.allocate(1)),
                    "a second reader at the same time");
            stream.close();
            assertTrue(
                    reading.ends(io) instanceof Outcome.Failure<Integer>(Throwable thrown)
                            && thrown instanceof ClosedChannelException,
                    () -> reading.future.toString());
            closed.await();
            assertThrows(ClosedChannelException.class, () -> stream.write(io, ByteBuffer.allocate(1)));
            assertFalse(stream.isOpen());
        }
    }

    /** Both directions at once, readers and writers canceled at random: every byte arrives once and in order. */
    @Test
    void nothing_is_lost_whoever_is_canceled() throws Exception {
        int count = 100_000;
        byte[] sent = bytes(count);
        Random random = new Random(9);
        PipedInputStream pipe = new PipedInputStream(1_000);
        Stream writer = Streams.stream(io, InputStream.nullInputStream(), new PipedOutputStream(pipe));
        Stream reader = Streams.stream(io, pipe, OutputStream.nullOutputStream());
        ByteBuffer source = ByteBuffer.wrap(sent);
        ByteBuffer target = ByteBuffer.allocate(count);
        while (target.hasRemaining()) {
            Future<?> writing = io.concurrent(() -> writer.writeAll(io, source)).get();
            Future<?> reading = io.concurrent(() -> {
                        while (target.hasRemaining() && reader.read(io, target) >= 0) {}
                    })
                    .get();
            io.sleep(Duration.ofNanos(random.nextInt(3_000_000)));
            reading.cancel(io);
            writing.cancel(io);
        }
        assertArrayEquals(sent, target.array());
        writer.close();
        reader.close();
    }
}
