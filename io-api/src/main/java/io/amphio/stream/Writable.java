package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
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
     * Writes all of {@code source}.
     *
     * <p>A compound operation: a cancel may strike between two writes. The position of {@code source} then says how far
     * it came, as it does when an {@link IOException} is thrown.
     *
     * @param io who waits
     * @param source the bytes, from its position to its limit
     * @throws IOException if a write failed
     */
    default void writeAll(Io io, ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            write(io, source);
        }
    }
}
