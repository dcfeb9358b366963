package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** What bytes can be read from. One task reads at a time. */
@SuppressWarnings("AvoidCommonTypeNames") // hardly anybody uses java.lang.Readable, and this one is imported
public interface Readable {
    /**
     * Reads at least one byte and at most what fits into {@code target}, waiting until there is one.
     *
     * <p>Cancellation point: either bytes are read and the position of {@code target} moves by their number, or the
     * method throws and nothing was taken.
     *
     * @param io who waits
     * @param target where the bytes go, from its position on; its position moves by what was read and nothing else does
     * @return how many bytes were read, zero only if {@code target} has no room, or -1 at the end
     * @throws IOException if the read failed
     */
    int read(Io io, ByteBuffer target) throws IOException;

    /**
     * Reads into several buffers, as {@link #read(Io, ByteBuffer)} does into one: fills each before it begins the next.
     *
     * <p>Cancellation point.
     *
     * @param io who waits
     * @param targets where the bytes go, in order
     * @return how many bytes were read in all, or -1 at the end
     * @throws IOException if the read failed
     */
    default long read(Io io, ByteBuffer... targets) throws IOException {
        for (ByteBuffer target : targets) {
            if (target.hasRemaining()) {
                return read(io, target);
            }
        }
        return 0;
    }

    /**
     * Returns the bytes of {@code source}.
     *
     * <p>It reads in the caller's thread, and nothing can cancel that: right for what never waits, such as bytes in memory. Of
     * a stream that may wait, read in the call of a blocking {@link Io}; on an event loop it would stop all other tasks.
     */
    static Readable from(InputStream source) {
        return new InputStreamReadable(source);
    }

    /**
     * Returns the bytes of {@code source}, each of which is copied to {@code copy} as it is read.
     *
     * @param source where the bytes come from
     * @param copy flush it after the last read; a read waits for it if its buffer is full
     */
    static Readable tee(Readable source, Writer copy) {
        return new Tee.OfReadable(source, copy);
    }
}
