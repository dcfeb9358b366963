package io.amphio.examples;

import io.amphio.Io;
import io.amphio.fs.File;
import io.amphio.stream.Readable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a file from its beginning to its end. */
final class FileSource implements Readable {
    private final File file;
    private long position; // owned by the reading task

    FileSource(File file) {
        this.file = file;
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        int count = file.readAt(io, target, position);
        position += Math.max(count, 0);
        return count;
    }
}
