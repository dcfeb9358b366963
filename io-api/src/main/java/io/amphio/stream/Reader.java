package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines, records and bytes from a {@link Readable} through a buffer.
 *
 * <p><b>What a failure leaves behind.</b> A method that returns what it read (a line, an array, a view) takes all of it or
 * nothing: when it throws, for a cancel, a deadline or an {@link IOException}, what has come so far stays in this reader and
 * the next call begins with it. One that fills the caller's buffer, skips or copies has transferred what
 * {@link Transferred#bytes} of the failure says. No byte is lost or seen twice in either case.
 *
 * <p><b>Threads:</b> owned by one task at a time.<br>
 * <b>Waiting:</b> only where the buffer does not hold enough; that is a cancellation point. What is buffered is handed out
 * without one.<br>
 * <b>Memory:</b> one buffer, larger for as long as a longer line or delimited record is in it. A large read goes past it.
 */
public final class Reader implements Readable {
    /** The capacity of the buffer where none is given. */
    public static final int DEFAULT_CAPACITY_BYTES = 8192;

    private final ReadBuffer buffer;
    private final Delimited delimited;

    /** Creates a reader with a buffer of the default capacity. */
    public Reader(Readable source) {
        this(source, DEFAULT_CAPACITY_BYTES);
    }

    /**
     * Creates a reader with a buffer on the heap.
     *
     * @param source where the bytes come from
     * @param capacityBytes 1 or more
     */
    public Reader(Readable source, int capacityBytes) {
        this(source, ReadBuffer.allocate(capacityBytes));
    }

    /**
     * Creates a reader on a buffer of the caller's: one of {@link Io#buffers()}, say, which the kernel fills without a copy.
     *
     * @param source where the bytes come from
     * @param buffer the reader's own, all of its capacity, until the reader is not used any more
     */
    public Reader(Readable source, ByteBuffer buffer) {
        this(new ReadBuffer(
                Objects.requireNonNull(source, "a reader's source is null"), ReadBuffer.requireUsable(buffer)));
    }

    private Reader(ReadBuffer buffer) {
        this.buffer = buffer;
        this.delimited = new Delimited(buffer);
    }

    /**
     * Returns a reader of bytes that are in memory: those of {@code bytes} from its position to its limit, without a copy. It never
     * waits.
     *
     * @param bytes must stay as they are until they were read; its position does not move
     */
    public static Reader of(ByteBuffer bytes) {
        return new Reader(ReadBuffer.of(bytes));
    }

    /** Returns a reader of bytes that are in memory, as {@link #of(ByteBuffer)} does. */
    public static Reader of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    static void requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " below zero: " + value);
        }
    }

    // ---------------------------------------------------------------- what is there

    /** Returns how many bytes can be read without waiting. */
    public int buffered() {
        return buffer.size();
    }

    /** Returns how many bytes have been taken from this reader so far, by whatever method. */
    public long bytesRead() {
        return buffer.received() - buffer.size();
    }

    /** Returns whether nothing more will come; waits until that is known. */
    public boolean isAtEnd(Io io) throws IOException {
        return buffer.size() == 0 && !buffer.more(io, 1);
    }

    /**
     * Returns all bytes that are buffered, waiting until there are at least {@code atLeast}; they stay, until
     * {@link #toss} or a read takes them. So {@code peek(io, 4).getInt()} looks at a number.
     *
     * @param io who waits
     * @param atLeast zero or more
     * @return a read-only view, which the next call on this reader makes invalid
     * @throws EndOfStreamException if the stream ends before; nothing was taken
     */
    public ByteBuffer peek(Io io, int atLeast) throws IOException {
        requireNotNegative("a number of bytes to peek", atLeast);
        if (!buffer.has(io, atLeast)) {
            throw ended("peek", buffer.size(), atLeast, "they are still buffered");
        }
        return buffer.view();
    }

    /**
     * Drops buffered bytes. Never waits.
     *
     * @throws IllegalArgumentException if fewer than {@code count} are buffered
     */
    public void toss(int count) {
        if (count < 0 || count > buffer.size()) {
            throw new IllegalArgumentException("toss " + count + ": " + buffer.size() + " bytes are buffered");
        }
        buffer.drop(count);
    }

    // ---------------------------------------------------------------- some bytes

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (buffer.size() == 0) {
            if (target.remaining() >= buffer.ownCapacity()) {
                return buffer.readPast(io, target);
            }
            if (!buffer.more(io, 1)) {
                return -1;
            }
        }
        return buffer.moveTo(target);
    }

    /** Reads at least one byte and at most {@code length}, as {@link #read(Io, ByteBuffer)} does; -1 at the end. */
    public int read(Io io, byte[] target, int offset, int length) throws IOException {
        return read(io, ByteBuffer.wrap(target, offset, length));
    }

    /** Reads one byte: 0 to 255, or -1 at the end. */
    public int readByte(Io io) throws IOException {
        if (isAtEnd(io)) {
            return -1;
        }
        int value = buffer.at(0) & 0xff;
        buffer.drop(1);
        return value;
    }

    // ---------------------------------------------------------------- numbers

    /** Reads a number of two bytes, or nothing; {@code toUnsignedInt} of {@link Short} takes it as an unsigned one. */
    public short readShort(Io io, ByteOrder order) throws IOException {
        return (short) readNumber(io, Short.BYTES, order);
    }

    /** Reads a number of four bytes, or nothing; {@code intBitsToFloat} of {@link Float} takes it as a float. */
    public int readInt(Io io, ByteOrder order) throws IOException {
        return (int) readNumber(io, Integer.BYTES, order);
    }

    /** Reads a number of eight bytes, or nothing; {@code longBitsToDouble} of {@link Double} takes it as a double. */
    public long readLong(Io io, ByteOrder order) throws IOException {
        return readNumber(io, Long.BYTES, order);
    }

    private long readNumber(Io io, int bytes, ByteOrder order) throws IOException {
        Objects.requireNonNull(order, "the byte order is null");
        if (!buffer.has(io, bytes)) {
            throw ended("read a number", buffer.size(), bytes, "they can still be read");
        }
        long number = buffer.number(bytes, order);
        buffer.drop(bytes);
        return number;
    }

    // ---------------------------------------------------------------- that many bytes

    /**
     * Fills {@code target}.
     *
     * @param io who waits
     * @param target its position moves by what was read, also when this throws
     * @throws EndOfStreamException if the stream ends before; what came is in {@code target}
     */
    public void readExactly(Io io, ByteBuffer target) throws IOException {
        int wanted = target.remaining();
        try {
            while (target.hasRemaining()) {
                if (read(io, target) < 0) {
                    throw ended("readExactly", wanted - target.remaining(), wanted, "they are in the target");
                }
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "readExactly", wanted - target.remaining(), wanted);
            throw failure;
        }
    }

    /** Fills {@code target}, as {@link #readExactly(Io, ByteBuffer)} does. */
    public void readExactly(Io io, byte[] target) throws IOException {
        readExactly(io, ByteBuffer.wrap(target));
    }

    /**
     * Reads {@code count} bytes, or none.
     *
     * @param io who waits
     * @param count zero or more; this much memory is allocated at once
     * @throws EndOfStreamException if the stream ends before; what came can still be read
     */
    public byte[] readExactly(Io io, int count) throws IOException {
        requireNotNegative("a number of bytes to read", count);
        if (count <= buffer.ownCapacity() || count <= buffer.size()) {
            if (!buffer.has(io, count)) {
                throw ended("readExactly", buffer.size(), count, "they can still be read");
            }
            return buffer.take(count, 0);
        }
        byte[] bytes = new byte[count];
        ByteBuffer target = ByteBuffer.wrap(bytes); // past the buffer: no second copy
        boolean done = false;
        try {
            buffer.moveTo(target);
            while (target.hasRemaining()) {
                if (buffer.readPast(io, target) < 0) {
                    throw ended("readExactly", target.position(), count, "they can still be read");
                }
            }
            done = true;
        } finally {
            if (!done) {
                buffer.adopt(target, target.position());
            }
        }
        return bytes;
    }

    /**
     * Reads until the stream ends.
     *
     * @param io who waits
     * @param limitBytes how many bytes to accept
     * @throws LimitExceededException if there are more; nothing was taken
     */
    public byte[] readAll(Io io, int limitBytes) throws IOException {
        requireNotNegative("a limit", limitBytes);
        while (buffer.size() <= limitBytes) {
            if (!buffer.more(io, buffer.size() + 1)) {
                return buffer.take(buffer.size(), 0);
            }
        }
        throw new LimitExceededException("readAll: more than " + limitBytes + " bytes, the limit");
    }

    // ---------------------------------------------------------------- up to a delimiter

    /** Reads a line of UTF-8, as {@link #readLine(Io, int, Charset)} does. */
    public @Nullable String readLine(Io io, int limitBytes) throws IOException {
        return readLine(io, limitBytes, StandardCharsets.UTF_8);
    }

    /**
     * Reads a line, and drops the LF or CR LF that ends it. The last line of a stream may go without.
     *
     * @param io who waits
     * @param limitBytes how long the line may be, without its end
     * @param charset one in which LF is the byte 10; malformed input becomes its replacement character
     * @return the line, or null at the end of the stream
     * @throws LimitExceededException if the line is longer; nothing was taken
     */
    public @Nullable String readLine(Io io, int limitBytes, Charset charset) throws IOException {
        return delimited.line(io, limitBytes, charset);
    }

    /**
     * Reads up to {@code delimiter}, and drops that. The last record of a stream may go without.
     *
     * @param io who waits
     * @param delimiter what ends the record
     * @param limitBytes how long the record may be, without its delimiter
     * @return the bytes before the delimiter, or null at the end of the stream
     * @throws LimitExceededException if the record is longer; nothing was taken
     */
    public byte @Nullable [] readUntil(Io io, byte delimiter, int limitBytes) throws IOException {
        return delimited.record(io, delimiter, limitBytes);
    }

    /**
     * Reads up to a delimiter of several bytes, as {@link #readUntil(Io, byte, int)} does to one of one byte: {@code "\r\n\r\n"},
     * say.
     *
     * @param delimiter one byte or more
     */
    public byte @Nullable [] readUntil(Io io, byte[] delimiter, int limitBytes) throws IOException {
        return delimited.record(io, delimiter, limitBytes);
    }

    /**
     * Returns the next bytes up to {@code delimiter} and with it, where they are: {@link #toss} takes them. So a record can be looked
     * at without a copy. The last record of a stream may go without.
     *
     * @param io who waits
     * @param delimiter what ends the record
     * @param limitBytes how long the record may be, with its delimiter
     * @return a read-only view, which the next call on this reader makes invalid; empty at the end of the stream
     * @throws LimitExceededException if the record is longer; nothing was taken
     */
    public ByteBuffer peekThrough(Io io, byte delimiter, int limitBytes) throws IOException {
        return delimited.peekThrough(io, delimiter, limitBytes);
    }

    /**
     * Drops the next bytes up to {@code delimiter} and that too, however many there are; all that come, if it does not.
     *
     * @return whether the delimiter came
     */
    public boolean skipThrough(Io io, byte delimiter) throws IOException {
        return delimited.skipThrough(io, delimiter);
    }

    // ---------------------------------------------------------------- onward

    /**
     * Drops the next bytes, waiting for them as needed.
     *
     * @param io who waits
     * @param count zero or more; {@link Long#MAX_VALUE} is all
     * @return how many were dropped: {@code count}, or fewer if the stream ended
     */
    public long skip(Io io, long count) throws IOException {
        requireNotNegative("a number of bytes to skip", count);
        long skipped = 0;
        try {
            while (skipped < count && !isAtEnd(io)) {
                int dropped = (int) Math.min(count - skipped, buffer.size());
                buffer.drop(dropped);
                skipped += dropped;
            }
            return skipped;
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "skip", skipped, count);
            throw failure;
        }
    }

    /**
     * Writes everything up to the end of the stream to {@code target}, without a copy in between. What was read and not yet
     * written when this throws is still here.
     *
     * @param io who waits
     * @param target where the bytes go; it is not flushed
     * @return how many bytes were written
     */
    public long transferTo(Io io, Writable target) throws IOException {
        return transferTo(io, target, Long.MAX_VALUE);
    }

    /**
     * Writes the next bytes to {@code target}, as {@link #transferTo(Io, Writable)} does.
     *
     * <p>Where the target is a {@link Writer}, what comes is read straight into its buffer.
     *
     * @param limitBytes how many at most, zero or more
     */
    public long transferTo(Io io, Writable target, long limitBytes) throws IOException {
        requireNotNegative("a limit", limitBytes);
        long written = 0;
        try {
            while (written < limitBytes) {
                if (buffer.size() > 0) {
                    written += buffer.writeTo(io, target, limitBytes - written);
                } else if (target instanceof Writer writer) {
                    int count = writer.fill(io, buffer.source(), limitBytes - written);
                    if (count < 0) {
                        break;
                    }
                    buffer.passed(count);
                    written += count;
                } else if (!buffer.more(io, 1)) {
                    break;
                }
            }
            return written;
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "transferTo", written, -1);
            throw failure;
        }
    }

    /**
     * Returns a reader of the next {@code limitBytes} bytes of this one, which then comes to its end.
     *
     * <p>It reads ahead in this reader, within its limit: go on with this one when the other is at its end
     * ({@code skip(io, Long.MAX_VALUE)} takes it there).
     *
     * @param limitBytes zero or more
     */
    public Reader limit(long limitBytes) {
        requireNotNegative("a limit", limitBytes);
        return new Reader(new Limited(this, limitBytes), Math.clamp(limitBytes, 1, Math.max(1, buffer.ownCapacity())));
    }

    /**
     * Returns this reader as an {@link InputStream} whose reads wait by {@code io}. Closing it ends its own use only.
     *
     * <p>What a cancel does is the same: {@link io.amphio.CanceledException} from the stream's methods.
     */
    public InputStream toInputStream(Io io) {
        return new ReaderInputStream(this, io);
    }

    @Override
    public String toString() {
        return "Reader of " + buffer.source() + ", " + buffer.size() + " bytes buffered";
    }

    private static EndOfStreamException ended(String operation, int had, int wanted, String where) {
        return new EndOfStreamException(
                operation + ": the stream ended after " + had + " of " + wanted + " bytes; " + where);
    }
}
