package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.Fs;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.FsErrors;
import io.amphio.spi.Pending;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import io.amphio.spi.files.CalledDir;
import io.amphio.spi.files.FileWorkers;
import io.amphio.spi.files.JdkDir;
import io.amphio.spi.files.JdkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The files of one {@code BlockingIo}: opens them, and closes what is left at the end.
 *
 * <p>None is left open: who adds one looks at {@link #closed} afterwards, and {@link #closeAll} sets it before it takes what has been
 * added.
 */
final class ThreadFs implements Fs, CalledDir.Owner<JdkFile> {
    final FileJobs jobs;
    private final Set<ThreadFile> open = ConcurrentHashMap.newKeySet();
    private final Set<CalledDir<JdkFile>> openDirs = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by closeAll

    ThreadFs(FileJobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public File open(Io io, Path path, OpenOptions options) throws IOException {
        Objects.requireNonNull(options, "open: the options are null");
        Startable<File> opening = done -> jobs.start(null, () -> open(path, options), done);
        return StartedWait.run(io, "open " + path, Timeout.NONE, CalledDir.abandonable(opening, options));
    }

    private File open(Path path, OpenOptions options) throws IOException {
        try {
            return adopt(JdkDir.openFile(path, options), path);
        } catch (IOException refused) {
            throw FsErrors.of("open", path, refused);
        }
    }

    @Override
    public Dir openDir(Io io, Path path) throws IOException {
        return CalledDir.open(io, this, path, () -> JdkDir.open(file -> file, path));
    }

    @Override
    public Dir openConfinedDir(Io io, Path path) throws IOException {
        return CalledDir.open(io, this, path, () -> JdkDir.openConfined(file -> file, path));
    }

    // ---------------------------------------------------------------- what is open

    @Override
    public FileWorkers workers() {
        return this::start;
    }

    private <T extends @Nullable Object> Pending start(Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
        return jobs.start(null, call, done);
    }

    @Override
    public File adopt(JdkFile opened, Path path) {
        ThreadFile file = new ThreadFile(this, opened, path);
        open.add(file);
        if (closed) { // while this open was under way
            file.close();
            throw new IllegalStateException("open " + path + ": the runtime is closed (blocking)");
        }
        return file;
    }

    @Override
    public void keep(CalledDir<JdkFile> opened) {
        openDirs.add(opened);
        if (closed) {
            opened.close();
            throw new IllegalStateException("open " + opened.path() + ": the runtime is closed (blocking)");
        }
    }

    @Override
    public void forget(CalledDir<JdkFile> dir) {
        openDirs.remove(dir);
    }

    void forget(ThreadFile file) {
        open.remove(file);
    }

    void closeAll() {
        closed = true;
        open.forEach(ThreadFile::close);
        openDirs.forEach(CalledDir::close);
    }
}
