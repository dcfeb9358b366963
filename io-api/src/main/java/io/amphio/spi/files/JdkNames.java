package io.amphio.spi.files;

import io.amphio.fs.DirEntry;
import io.amphio.fs.FileKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A list by the JDK. What is deleted between its name and its kind is left out. */
final class JdkNames implements DirCalls.Listing {
    private static final int BATCH = 256;

    @FunctionalInterface
    interface Kinds {
        FileKind of(Path entry) throws IOException;
    }

    private final DirectoryStream<Path> stream;
    private final Iterator<Path> names;
    private final Kinds kinds;

    JdkNames(DirectoryStream<Path> stream, Kinds kinds) {
        this.stream = stream;
        this.names = stream.iterator();
        this.kinds = kinds;
    }

    @Override
    public List<DirEntry> next() throws IOException {
        List<DirEntry> batch = new ArrayList<>();
        try {
            while (batch.size() < BATCH && names.hasNext()) {
                Path entry = names.next();
                Path name = entry.getFileName();
                if (name != null) {
                    add(batch, entry, name.toString());
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return batch;
    }

    private void add(List<DirEntry> batch, Path entry, String name) throws IOException {
        try {
            batch.add(new DirEntry(name, kinds.of(entry)));
        } catch (NoSuchFileException deletedMeanwhile) {
            // as if it had been deleted before
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException ignored) {
            // the handle is gone all the same
        }
    }
}
