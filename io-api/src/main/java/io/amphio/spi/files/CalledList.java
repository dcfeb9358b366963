package io.amphio.spi.files;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.fs.DirEntry;
import io.amphio.fs.DirList;
import io.amphio.spi.FsErrors;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A list whose names are fetched some at a time, on a worker. */
final class CalledList implements DirList {
    private final FileWorkers workers;
    private final DirCalls.Listing names;
    private final Path path;
    private final Deque<DirEntry> fetched = new ArrayDeque<>(); // the listing task
    private boolean atEnd; // the listing task
    private volatile boolean closed;

    CalledList(FileWorkers workers, DirCalls.Listing names, Path path) {
        this.workers = workers;
        this.names = names;
        this.path = path;
    }

    @Override
    public Option<DirEntry> next(Io io) throws IOException {
        if (closed) {
            throw FsErrors.of("list", path, "the list is closed", "EBADF", null);
        }
        io.checkCancel();
        if (fetched.isEmpty() && !atEnd) {
            Startable<List<DirEntry>> fetching =
                    done -> workers.start(() -> CalledDir.told("list", path, names::next), done);
            fetched.addAll(StartedWait.run(io, "list " + path, Timeout.NONE, fetching));
            atEnd = fetched.isEmpty();
        }
        return Option.of(fetched.pollFirst());
    }

    @Override
    public void close() {
        closed = true;
        fetched.clear();
        names.close();
    }
}
