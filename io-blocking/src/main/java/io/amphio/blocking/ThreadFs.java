package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.fs.Fs;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.FsErrors;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of one {@code BlockingIo}: opens them, and closes what is left at the end.
 *
 * <p>None is left open: who adds one looks at {@link #closed} afterwards, and {@link #closeAll} sets it before it takes what has been
 * added.
 */
final class ThreadFs implements Fs {
    final FileJobs jobs;
    private final Set<ThreadFile> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by closeAll

    ThreadFs(FileJobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public File open(Io io, Path path, OpenOptions options) throws IOException {
        Objects.requireNonNull(options, "open: the options are null");
        Startable<File> opening = done -> jobs.start(null, () -> open(path, options), done);
        return StartedWait.run(io, "open " + path, Timeout.NONE, opening);
    }

    private File open(Path path, OpenOptions options) throws IOException {
        try {
            if (options.creation() != OpenOptions.Creation.NEVER && !options.isWriting()) {
                create(path, options.creation());
            }
            ThreadFile file = new ThreadFile(this, FileChannel.open(path, jdkOptions(options)), path);
            open.add(file);
            if (closed) { // while this open was under way
                file.close();
                throw new IllegalStateException("open " + path + ": the runtime is closed (blocking)");
            }
            return file;
        } catch (IOException refused) {
            throw FsErrors.of("open", path, refused);
        }
    }

    /** The JDK creates nothing that is opened only to be read. */
    private static void create(Path path, OpenOptions.Creation creation) throws IOException {
        OpenOption how =
                creation == OpenOptions.Creation.ALWAYS ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE;
        FileChannel.open(path, StandardOpenOption.WRITE, how).close();
    }

    private static Set<OpenOption> jdkOptions(OpenOptions options) {
        Set<OpenOption> jdk = new HashSet<>();
        if (options.isReading()) {
            jdk.add(StandardOpenOption.READ);
        }
        if (options.isWriting()) {
            jdk.add(options.isAppending() ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
            if (options.isTruncating() && !options.isAppending()) {
                jdk.add(StandardOpenOption.TRUNCATE_EXISTING);
            }
            switch (options.creation()) {
                case NEVER -> {}
                case IF_MISSING -> jdk.add(StandardOpenOption.CREATE);
                case ALWAYS -> jdk.add(StandardOpenOption.CREATE_NEW);
            }
        }
        return jdk;
    }

    void forget(ThreadFile file) {
        open.remove(file);
    }

    void closeAll() {
        closed = true;
        open.forEach(ThreadFile::close);
    }
}
