package io.amphio.stream;

import io.amphio.Io;
import java.io.IOException;
import java.io.OutputStream;

/** A {@link Writer} as an {@link OutputStream} whose every write waits by one {@link Io}. */
final class WriterOutputStream extends OutputStream {
    private final Writer writer;
    private final Io io;
    private boolean closed; // owned by the writing task, as the writer is

    WriterOutputStream(Writer writer, Io io) {
        this.writer = writer;
        this.io = io;
    }

    @Override
    public void write(int value) throws IOException {
        requireOpen();
        writer.writeByte(io, value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        requireOpen();
        writer.writeAll(io, source, offset, length);
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        writer.flush(io);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            writer.flush(io); // and closed only if that worked: a canceled flush can be tried again
            closed = true;
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("write: the output stream is closed");
        }
    }
}
