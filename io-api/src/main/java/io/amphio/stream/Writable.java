package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** What bytes can be written to. One task writes at a time. */
public interface Writable {
    /**
     * Writes at least one byte of {@code source} and at most all of them, waiting until there is room.
     *
     * <p>Cancellation point: either bytes are written and the position of {@code source} moves by their number, or the
     * method throws and none was.
     *
     * @param io who waits
     * @param source the bytes, from its position to its limit
     * @return how many bytes were written; zero only if {@code source} was empty
     * @throws IOException if the write failed
     */
    int write(Io io, ByteBuffer source) throws IOException;

    /**
     * Writes from several buffers, as {@link #write(Io, ByteBuffer)} does from one: empties each before it begins the next.
     *
     * <p>Cancellation point.
     *
     * @param io who waits
     * @param sources the bytes, in order
     * @return how many bytes were written in all
     * @throws IOException if the write failed
     */
    default long write(Io io, ByteBuffer... sources) throws IOException {
        for (ByteBuffer source : sources) {
            if (source.hasRemaining()) {
                return write(io, source);
            }
        }
        return 0;
    }

    /**
     * Writes all of {@code sources}.
     *
     * <p>A compound operation: a cancel may strike between two writes. The positions of {@code sources} then say how far it
     * came, as they do when an {@link IOException} is thrown, and so does {@link Transferred#bytes} of what is thrown.
     *
     * @param io who waits
     * @param sources the bytes, in order
     * @throws IOException if a write failed
     */
    default void writeAll(Io io, ByteBuffer... sources) throws IOException {
        long wanted = 0;
        for (ByteBuffer source : sources) {
            wanted += source.remaining();
        }
        long written = 0;
        try {
            while (written < wanted) {
                written += sources.length == 1 ? write(io, sources[0]) : write(io, sources);
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "writeAll", written, wanted);
            throw failure;
        }
    }

    /**
     * Sends what this still holds of what it has taken; nothing, if a write of it sends. Cancellation point where it waits.
     *
     * @param io who waits
     * @throws IOException if a write failed; what was not sent stays here for the next flush
     */
    default void flush(Io io) throws IOException {}

    /**
     * Returns what hands its bytes to {@code target}.
     *
     * <p>It writes in the caller's thread, and nothing can cancel that: right for what never waits, such as bytes in memory. To
     * a stream that may wait, write in the call of a blocking {@link Io}; on an event loop it would stop all other tasks.
     */
    static Writable to(OutputStream target) {
        return new OutputStreamWritable(target);
    }

    /**
     * Returns what writes to {@code target}, and copies to {@code copy} what was written.
     *
     * @param target where the bytes go first
     * @param copy a flush of what is returned flushes it; a write waits for it if its buffer is full
     */
    static Writable tee(Writable target, Writer copy) {
        return new Tee.OfWritable(target, copy);
    }
}
