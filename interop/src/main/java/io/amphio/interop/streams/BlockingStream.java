package io.amphio.interop.streams;

import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Stream} over two streams that block: see {@link Streams#stream}.
 *
 * <p>Each direction has one buffer of its own, which no user's memory is mixed up with: a read fills it and the reader, the same or
 * a later one, empties it; a write is over when it has filled it, and a task empties it.
 */
final class BlockingStream implements Stream {
    private static final System.Logger LOG = System.getLogger("io.amphio.streams");
    private static final int BUFFER_BYTES = 8192;

    private final Io io;
    private final InputStream input;
    private final OutputStream output;
    private final InFlight reading;
    private final InFlight writing;
    private final byte[] read = new byte[BUFFER_BYTES]; // of the read in flight, else of the reader
    private final byte[] written = new byte[BUFFER_BYTES]; // of the write in flight, else of the writer
    private int position; // what was read and not taken; owned by the reader
    private int limit; // owned by the reader
    private boolean atEnd; // owned by the reader
    private volatile Timeout readTimeout = Timeout.NONE;
    private volatile Timeout writeTimeout = Timeout.NONE;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    BlockingStream(Io io, InputStream input, OutputStream output) {
        this.io = Objects.requireNonNull(io, "stream: io is null");
        this.input = Objects.requireNonNull(input, "stream: the input is null");
        this.output = Objects.requireNonNull(output, "stream: the output is null");
        this.reading = new InFlight(io, "read of " + input);
        this.writing = new InFlight(io, "write to " + output);
    }

    // ---------------------------------------------------------------- reading

    @Override
    public int read(Io waiting, ByteBuffer target) throws IOException {
        waiting.checkCancel();
        if (!target.hasRemaining()) {
            return 0;
        }
        if (inputShut) {
            return -1;
        }
        reading.enter();
        try {
            if (position == limit && !atEnd) {
                fill(waiting);
            }
            return take(target);
        } catch (IOException failed) {
            if (inputShut && !reading.isClosed()) {
                return -1;
            }
            throw failed;
        } finally {
            reading.leave();
        }
    }

    private void fill(Io waiting) throws IOException {
        if (!reading.isRunning()) {
            reading.start(() -> input.read(read));
        }
        int count = reading.await(waiting, readTimeout);
        atEnd = count < 0;
        position = 0;
        limit = Math.max(0, count);
    }

    private int take(ByteBuffer target) {
        if (position == limit) {
            return atEnd ? -1 : 0;
        }
        int count = Math.min(limit - position, target.remaining());
        target.put(read, position, count);
        position += count;
        return count;
    }

    @Override
    public void setReadTimeout(Timeout timeout) {
        readTimeout = Objects.requireNonNull(timeout);
    }

    // ---------------------------------------------------------------- writing

    @Override
    public int write(Io waiting, ByteBuffer source) throws IOException {
        waiting.checkCancel();
        if (!source.hasRemaining()) {
            return 0;
        }
        writing.enter();
        try {
            requireOutput();
            writing.await(waiting, writeTimeout);
            int count = Math.min(source.remaining(), written.length);
            source.get(source.position(), written, 0, count);
            writing.start(() -> {
                output.write(written, 0, count);
                return count;
            });
            source.position(source.position() + count); // last: from here on, nothing fails
            return count;
        } finally {
            writing.leave();
        }
    }

    private void requireOutput() throws IOException {
        if (outputShut) {
            throw new IOException("write to " + output + ": this end was shut down");
        }
    }

    @Override
    public void flush(Io waiting) throws IOException {
        writing.enter();
        try {
            writing.await(waiting, writeTimeout);
            writing.start(() -> {
                output.flush();
                return 0;
            });
            writing.await(waiting, writeTimeout);
        } finally {
            writing.leave();
        }
    }

    @Override
    public void setWriteTimeout(Timeout timeout) {
        writeTimeout = Objects.requireNonNull(timeout);
    }

    // ---------------------------------------------------------------- the end

    @Override
    public void shutdownInput() {
        inputShut = true;
        closeAfter(null, reading.running(), input);
    }

    @Override
    public void shutdownOutput() {
        if (!outputShut) {
            outputShut = true;
            closeAfter(writing.running(), null, output);
        }
    }

    @Override
    public boolean isOpen() {
        return !reading.isClosed();
    }

    @Override
    public void close() {
        if (isOpen()) {
            closeAfter(null, reading.close(), input);
            closeAfter(writing.close(), null, output);
        }
    }

    /** Closes {@code what} by a task, as that may block; after {@code first} has ended, and {@code stopped} was asked to. */
    private void closeAfter(@Nullable Future<Integer> first, @Nullable Future<Integer> stopped, Closeable what) {
        if (stopped != null) {
            stopped.requestCancel();
        }
        try {
            io.async(() -> {
                if (first != null) {
                    first.waitFor(io, Timeout.NONE);
                }
                io.call(io, () -> closeNow(what));
            });
        } catch (IllegalStateException closedRuntime) {
            closeNow(what);
        }
    }

    private static void closeNow(Closeable what) {
        try {
            what.close();
        } catch (IOException failed) {
            LOG.log(Level.DEBUG, () -> "close of " + what, failed);
        }
    }

    // ---------------------------------------------------------------- what only a socket has

    private UnsupportedOperationException noSocket(String asked) {
        return new UnsupportedOperationException(asked + " of " + this + ": it is made of an InputStream and an"
                + " OutputStream; ask the socket behind them, if there is one");
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        throw noSocket("option " + option);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) {
        throw noSocket("option " + option);
    }

    @Override
    public InetSocketAddress localAddress() {
        throw noSocket("local address");
    }

    @Override
    public InetSocketAddress remoteAddress() {
        throw noSocket("remote address");
    }

    @Override
    public String toString() {
        return "Stream[" + input + ", " + output + "]";
    }
}
