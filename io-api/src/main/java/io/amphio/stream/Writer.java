package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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
    }

    /** Returns how many bytes wait for a flush. */
    public int buffered() {
        return buffer.position();
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
        if (!buffer.hasRemaining()) {
            push(io, ByteBuffer.allocate(0));
        }
        buffer.put((byte) value);
    }

    /** Takes {@code text} as UTF-8; what {@link Transferred} counts are its bytes. */
    public void writeString(Io io, String text) throws IOException {
        writeAll(io, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes everything that is buffered.
     *
     * @param io who waits
     * @throws IOException if a write failed; what was not written stays here for the next flush
     */
    public void flush(Io io) throws IOException {
        int wanted = buffer.position();
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                target.write(io, buffer);
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "flush", buffer.position(), wanted);
            throw failure;
        } finally {
            buffer.compact();
        }
    }

    /** Writes at least one byte: of what is buffered, and then of {@code payload}. */
    private void push(Io io, ByteBuffer payload) throws IOException {
        if (buffer.position() == 0) {
            target.write(io, payload);
            return;
        }
        buffer.flip();
        try {
            target.write(io, buffer, payload);
        } finally {
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
