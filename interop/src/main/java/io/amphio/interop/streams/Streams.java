package io.amphio.interop.streams;

import io.amphio.Io;
import io.amphio.net.Stream;
import io.amphio.stream.Readable;
import io.amphio.stream.Writable;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;

/**
 * A {@link Stream} in the shapes that other code reads and writes, and streams of other code in ours.
 *
 * <p>Of the views, every method that waits is a cancellation point: {@link io.amphio.CanceledException} and
 * {@link io.amphio.TimedOutException}, unchecked, pass through the code in between, and the stream stays as usable as ever. They are used
 * by one reader and one writer at a time, as the stream is.
 */
public final class Streams {
    private Streams() {}

    /**
     * Returns the bytes of {@code source} as an {@link InputStream}. Its close closes {@code source}, if that can be closed.
     *
     * @param io who waits
     */
    public static InputStream inputStream(Io io, Readable source) {
        return new ReadableInputStream(io, source);
    }

    /**
     * Returns an {@link OutputStream} that writes to {@code target}, each call all of its bytes or, with an exception, a part of them
     * ({@link io.amphio.stream.Transferred#bytes}). Nothing is buffered. Its close flushes and closes {@code target}, if that can be
     * closed.
     *
     * @param io who waits
     */
    public static OutputStream outputStream(Io io, Writable target) {
        return new WritableOutputStream(io, target);
    }

    /**
     * Returns {@code stream} as a channel that blocks: a read waits for a byte, a write is done when all is written.
     *
     * @param io who waits
     */
    public static ByteChannel byteChannel(Io io, Stream stream) {
        return new StreamByteChannel(io, stream);
    }

    /**
     * Returns a stream over two of the JDK's, which may block: they are read and written by threads of {@code io}'s {@code call}, while
     * the caller parks.
     *
     * <p>A cancel or a timeout ends the caller's wait and not the read: its bytes are what the next read returns. A write has happened
     * when its bytes were taken over; a thread writes them meanwhile, and the next write, or a flush, waits for that and throws
     * what came of it.
     *
     * <p>Close interrupts a read that waits and closes {@code input}, writes what was taken over and closes {@code output}; it does not
     * wait for any of that. A read that neither a close nor an interrupt ends (of the console, say) keeps its thread.
     *
     * @param io whose threads read and write
     */
    public static Stream stream(Io io, InputStream input, OutputStream output) {
        return new BlockingStream(io, input, output);
    }
}
