package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Writes to a {@link Writable} through a buffer, so that many small writes become one. Call {@link #flush}: nothing else does.
 *
 * <p><b>What a failure leaves behind.</b> Bytes that were accepted, which {@link Transferred#bytes} of the failure and the
 * position of the caller's buffer count, have been sent or stay here for the next flush, in order; the others are still the
 * caller's. So a canceled task may go on where it stopped.
 *
 * <p><b>Threads:</b> owned by one task at a time.<br>
 * <b>Waiting:</b> only when the buffer is full or flushed; that is a cancellation point. What fits is taken without one.<br>
 * <b>Memory:</b> one buffer. What does not fit in it is not copied: it goes out in one vectored write, behind what is buffered.
 */
public final class Writer implements Writable {
    /** The capacity of the buffer where none is given. */
    public static final int DEFAULT_CAPACITY_BYTES = 8192;

    private final Writable target;
    private final ByteBuffer buffer; // owned by the writing task; between calls, ready to be put into
    private final ByteBuffer[]
            withPayload; // owned by the writing task, for a call: what is buffered, and what follows it
    private long sent; // owned by the writing task

    /** Creates a writer with a buffer of the default capacity. */
    public Writer(Writable target) {
        this(target, DEFAULT_CAPACITY_BYTES);
    }

    /**
     * Creates a writer with a buffer on the heap.
     *
     * @param target where the bytes go
     * @param capacityBytes 1 or more
     */
    public Writer(Writable target, int capacityBytes) {
        this(target, ReadBuffer.allocate(capacityBytes));
    }

    /**
     * Creates a writer on a buffer of the caller's: one of {@link Io#buffers()}, say, which the kernel reads without a copy.
     *
     * @param target where the bytes go
     * @param buffer the writer's own, all of its capacity, until the writer is not used any more
     */
    public Writer(Writable target, ByteBuffer buffer) {
        this.target = Objects.requireNonNull(target, "a writer's target is null");
        this.buffer = ReadBuffer.requireUsable(buffer).clear();
        this.withPayload = new ByteBuffer[] {this.buffer, this.buffer};
    }

    /** Returns how many bytes wait for a flush. */
    public int buffered() {
        return buffer.position();
    }

    /** Returns how many bytes have been accepted so far, by whatever method: sent, or buffered. */
    public long bytesWritten() {
        return sent + buffer.position();
    }

    /**
     * Takes at least one byte of {@code source}, and all of it if it fits; writes what is buffered where it does not.
     *
     * @return how many bytes were sent or buffered
     */
    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        int before = source.remaining();
        while (source.remaining() > buffer.remaining() && source.remaining() == before) {
            push(io, source);
        }
        if (source.remaining() <= buffer.remaining()) {
            buffer.put(source);
        }
        return before - source.remaining();
    }

    /** Takes all of {@code sources}, in order, as {@link #writeAll(Io, ByteBuffer...)} of {@link Writable} says. */
    @Override
    public void writeAll(Io io, ByteBuffer... sources) throws IOException {
        long wanted = 0;
        for (ByteBuffer source : sources) {
            wanted += source.remaining();
        }
        try {
            for (ByteBuffer source : sources) {
                while (source.remaining() > buffer.remaining()) {
                    push(io, source);
                }
                buffer.put(source);
            }
        } catch (IOException | RuntimeException failure) {
            long left = 0;
            for (ByteBuffer source : sources) {
                left += source.remaining();
            }
            Transferred.noteOn(failure, "writeAll", wanted - left, wanted);
            throw failure;
        }
    }

    /** Takes all of {@code source}. */
    public void writeAll(Io io, byte[] source) throws IOException {
        writeAll(io, ByteBuffer.wrap(source));
    }

    /** Takes {@code length} bytes of {@code source} from {@code offset} on. */
    public void writeAll(Io io, byte[] source, int offset, int length) throws IOException {
        writeAll(io, ByteBuffer.wrap(source, offset, length));
    }

    /** Takes one byte, the lowest eight bits of {@code value}. */
    public void writeByte(Io io, int value) throws IOException {
        makeRoom(io, 1);
        buffer.put((byte) value);
    }

    /** Takes a number of two bytes, or nothing of it. */
    public void writeShort(Io io, int value, ByteOrder order) throws IOException {
        writeNumber(io, value, Short.BYTES, order);
    }

    /** Takes a number of four bytes, or nothing of it. */
    public void writeInt(Io io, int value, ByteOrder order) throws IOException {
        writeNumber(io, value, Integer.BYTES, order);
    }

    /** Takes a number of eight bytes, or nothing of it. */
    public void writeLong(Io io, long value, ByteOrder order) throws IOException {
        writeNumber(io, value, Long.BYTES, order);
    }

    private void writeNumber(Io io, long value, int bytes, ByteOrder order) throws IOException {
        Objects.requireNonNull(order, "the byte order is null");
        if (buffer.capacity() < bytes) {
            throw new IllegalStateException(
                    "write a number of " + bytes + " bytes: the buffer of this writer holds " + buffer.capacity());
        }
        makeRoom(io, bytes);
        for (int i = 0; i < bytes; i++) {
            int shift = 8 * (order == ByteOrder.BIG_ENDIAN ? bytes - 1 - i : i);
            buffer.put((byte) (value >>> shift));
        }
    }

    /**
     * Takes one byte {@code count} times, without an array of them.
     *
     * @param count zero or more
     */
    public void splat(Io io, int value, long count) throws IOException {
        requireNotNegative("a number of bytes to write", count);
        long written = 0;
        try {
            while (written < count) {
                makeRoom(io, 1);
                int some = (int) Math.min(count - written, buffer.remaining());
                for (int i = 0; i < some; i++) {
                    buffer.put((byte) value);
                }
                written += some;
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "splat", written, count);
            throw failure;
        }
    }

    /**
     * Takes {@code pattern} {@code times} times, without an array of all that.
     *
     * @param times zero or more
     */
    public void splat(Io io, byte[] pattern, long times) throws IOException {
        requireNotNegative("a number of times", times);
        long wanted = Math.multiplyExact(pattern.length, times);
        long written = 0;
        try {
            while (written < wanted) {
                makeRoom(io, 1);
                int at = (int) (written % pattern.length);
                int some = Math.min(pattern.length - at, buffer.remaining());
                buffer.put(pattern, at, some);
                written += some;
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "splat", written, wanted);
            throw failure;
        }
    }

    private static void requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " below zero: " + value);
        }
    }

    /**
     * Takes what comes from {@code source} until it ends, which is read straight into the buffer. What {@link Transferred} counts has
     * been read and accepted.
     *
     * @param io who waits
     * @param limitBytes how many bytes at most; {@link Long#MAX_VALUE} is all
     * @return how many bytes were taken
     */
    public long transferFrom(Io io, Readable source, long limitBytes) throws IOException {
        requireNotNegative("a limit", limitBytes);
        long taken = 0;
        try {
            while (taken < limitBytes) {
                int count = fill(io, source, limitBytes - taken);
                if (count < 0) {
                    break;
                }
                taken += count;
            }
            return taken;
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "transferFrom", taken, -1);
            throw failure;
        }
    }

    /** Reads once, at least one byte and {@code most} at most, into the buffer, making room before; -1 at the end. */
    int fill(Io io, Readable source, long most) throws IOException {
        makeRoom(io, 1);
        int limit = buffer.limit();
        buffer.limit(buffer.position() + (int) Math.min(most, buffer.remaining()));
        try {
            return source.read(io, buffer);
        } finally {
            buffer.limit(limit); // and the position says what was read, also when this throws
        }
    }

    /** Takes as much of {@code source} as there is room, once there is some for a byte; how much, {@link #room} tells before. */
    void accept(ByteBuffer source, int from, int count) {
        buffer.put(buffer.position(), source, from, count);
        buffer.position(buffer.position() + count);
    }

    /** Returns the room there is, having made some if there was none. */
    int room(Io io) throws IOException {
        makeRoom(io, 1);
        return buffer.remaining();
    }

    /** Takes {@code text} as UTF-8; what {@link Transferred} counts are its bytes. */
    public void writeString(Io io, String text) throws IOException {
        writeAll(io, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes everything that is buffered, and then flushes the target.
     *
     * @param io who waits
     * @throws IOException if a write failed; what was not written stays here for the next flush
     */
    @Override
    public void flush(Io io) throws IOException {
        int wanted = buffer.position();
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                target.write(io, buffer);
            }
            target.flush(io);
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "flush", buffer.position(), wanted);
            throw failure;
        } finally {
            sent += buffer.position();
            buffer.compact();
        }
    }

    private void makeRoom(Io io, int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            buffer.flip();
            try {
                target.write(io, buffer);
            } finally {
                sent += buffer.position();
                buffer.compact();
            }
        }
    }

    /** Writes at least one byte: of what is buffered, and then of {@code payload}. */
    private void push(Io io, ByteBuffer payload) throws IOException {
        int before = payload.position();
        if (buffer.position() == 0) {
            try {
                target.write(io, payload);
            } finally {
                sent += payload.position() - before;
            }
            return;
        }
        withPayload[1] = payload;
        buffer.flip();
        try {
            target.write(io, withPayload);
        } finally {
            withPayload[1] = buffer;
            sent += buffer.position() + payload.position() - before;
            buffer.compact();
        }
    }

    /** Returns this writer as an {@link OutputStream} whose writes wait by {@code io}. Closing it flushes, and no more. */
    public OutputStream toOutputStream(Io io) {
        return new WriterOutputStream(this, io);
    }

    @Override
    public String toString() {
        return "Writer to " + target + ", " + buffer.position() + " bytes buffered";
    }
}
