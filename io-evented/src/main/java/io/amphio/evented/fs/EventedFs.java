package io.amphio.evented.fs;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.loop.Directories;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.FileName;
import io.amphio.evented.loop.FileOptions;
import io.amphio.evented.loop.LoopFile;
import io.amphio.evented.loop.OpenFile;
import io.amphio.evented.loop.Work;
import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.Fs;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.Pending;
import io.amphio.spi.PooledBuffers;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import io.amphio.spi.files.CalledDir;
import io.amphio.spi.files.FileWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens files whose operations run on event loops: on the caller's, where it has one.
 *
 * <p>No file is left open: who adds one looks at {@link #closed} afterwards, and {@link #closeAll} sets it before it takes what has
 * been added.
 */
public final class EventedFs implements Fs, CalledDir.Owner<Descriptor> {
    final Supplier<EventLoop> loops;
    final PooledBuffers buffers;
    private final Set<EventedFile> open = ConcurrentHashMap.newKeySet();
    private final Set<CalledDir<Descriptor>> openDirs = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by closeAll

    /**
     * Creates it.
     *
     * @param loops returns the loop to use for an operation that begins now
     * @param buffers those that the kernel may have as they are
     */
    public EventedFs(Supplier<EventLoop> loops, PooledBuffers buffers) {
        this.loops = loops;
        this.buffers = buffers;
    }

    @Override
    public File open(Io io, Path path, OpenOptions options) throws IOException {
        FileOptions flags = flags(Objects.requireNonNull(options, "open: the options are null"));
        Startable<File> opening = done -> {
            EventLoop loop = loops.get();
            OpenFile open = new OpenFile(
                    FileName.of(path.toString()),
                    flags,
                    ended -> done.accept(LoopOutcome.of("open", path, false, ended, () -> {
                        EventedFile file = new EventedFile(this, ended.file(), path);
                        remember(file);
                        return file;
                    })));
            loop.submit(open.movable()); // its callback only wakes the task
            return () -> loop.cancel(open);
        };
        return StartedWait.run(io, "open " + path, Timeout.NONE, CalledDir.abandonable(opening, options));
    }

    @Override
    public Dir openDir(Io io, Path path) throws IOException {
        return CalledDir.open(io, this, path, () -> Directories.open(loops.get(), path, false));
    }

    @Override
    public Dir openConfinedDir(Io io, Path path) throws IOException {
        return CalledDir.open(io, this, path, () -> Directories.open(loops.get(), path, true));
    }

    // ---------------------------------------------------------------- what is open

    @Override
    public FileWorkers workers() {
        return this::start;
    }

    private <T extends @Nullable Object> Pending start(Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
        EventLoop loop = loops.get();
        Work<T> work = new Work<>(call, ended -> done.accept(outcome(ended)));
        loop.submit(work.movable()); // its callback only wakes the task
        return () -> loop.cancel(work);
    }

    private static <T extends @Nullable Object> Outcome<T> outcome(Work<T> ended) {
        if (ended.isCanceled()) {
            return new Outcome.Canceled<>(new CanceledException("canceled before it had its turn", null));
        }
        try {
            return new Outcome.Value<>(ended.result());
        } catch (Exception thrown) {
            return new Outcome.Failure<>(thrown);
        }
    }

    @Override
    public File adopt(Descriptor opened, Path path) {
        EventedFile file = new EventedFile(this, LoopFile.adopt(loops.get(), opened, path.toString()), path);
        remember(file);
        return file;
    }

    @Override
    public void keep(CalledDir<Descriptor> opened) {
        openDirs.add(opened);
        if (closed) { // while this open was under way
            opened.close();
            throw new IllegalStateException("open " + opened.path() + ": the runtime is closed (evented)");
        }
    }

    @Override
    public void forget(CalledDir<Descriptor> dir) {
        openDirs.remove(dir);
    }

    private static FileOptions flags(OpenOptions options) {
        FileOptions flags;
        if (options.isAppending()) {
            flags = FileOptions.appending();
        } else if (options.isReading()) {
            flags = options.isWriting() ? FileOptions.readingAndWriting() : FileOptions.reading();
        } else {
            flags = FileOptions.writing();
        }
        flags = options.isFollowing() ? flags : flags.noFollow();
        flags = flags.mode(options.permissions());
        flags = options.isTruncating() ? flags.truncate() : flags;
        return switch (options.creation()) {
            case NEVER -> flags;
            case IF_MISSING -> flags.create();
            case ALWAYS -> flags.createNew();
        };
    }

    private void remember(EventedFile file) {
        open.add(file);
        if (closed) { // while this open was under way
            file.close();
            throw new IllegalStateException("open " + file.path() + ": the runtime is closed (evented)");
        }
    }

    void forget(EventedFile file) {
        open.remove(file);
    }

    /** Closes what nobody has closed, and lets nothing be opened any more. */
    public void closeAll() {
        closed = true;
        open.forEach(EventedFile::close);
        openDirs.forEach(CalledDir::close);
    }
}
