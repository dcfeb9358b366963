package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.InputStream;

/** A {@link Reader} as an {@link InputStream} whose every read waits by one {@link Io}. */
final class ReaderInputStream extends InputStream {
    private final Reader reader;
    private final Io io;
    private boolean closed; // owned by the reading task, as the reader is

    ReaderInputStream(Reader reader, Io io) {
        this.reader = reader;
        this.io = io;
    }

    @Override
    public int read() throws IOException {
        requireOpen();
        return reader.readByte(io);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        requireOpen();
        return reader.read(io, target, offset, length);
    }

    @Override
    public long skip(long count) throws IOException {
        requireOpen();
        return count <= 0 ? 0 : reader.skip(io, count);
    }

    @Override
    public int available() throws IOException {
        requireOpen();
        return reader.buffered();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("read: the input stream is closed");
        }
    }
}
