package io.amphio.blocking;

import io.amphio.Outcome;
import io.amphio.spi.FsErrors;
import io.amphio.spi.Pending;
import io.amphio.spi.files.CalledFile;
import io.amphio.spi.files.FileCalls;
import io.amphio.spi.files.FileWorkers;
import io.amphio.spi.files.JdkFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file whose calls are made on worker threads, and never on the caller's: an interrupt there would close the channel. */
final class ThreadFile extends CalledFile {
    private static final System.Logger LOG = System.getLogger("io.amphio.fs");

    private final ThreadFs fs;
    private final JdkFile file;
    private final FileChannel channel;
    private final Path path;
    private final AtomicBoolean closed = new AtomicBoolean(); // set by the closer; the channel may follow later

    ThreadFile(ThreadFs fs, JdkFile file, Path path) {
        this.fs = fs;
        this.file = file;
        this.channel = file.channel();
        this.path = path;
    }

    @Override
    protected FileCalls calls() {
        return file;
    }

    @Override
    protected FileWorkers workers() {
        return fs.workers();
    }

    @FunctionalInterface
    private interface Call<T extends @Nullable Object> {
        T make() throws IOException;
    }

    private <T extends @Nullable Object> Pending start(String verb, Call<T> call, Consumer<? super Outcome<T>> done) {
        return fs.jobs.start(
                () -> {
                    if (closed.get()) {
                        throw FsErrors.closed(verb, path);
                    }
                    try {
                        return call.make();
                    } catch (IOException | IllegalStateException refused) { // not open for that is one of the latter
                        throw FsErrors.of(verb, path, refused);
                    }
                },
                done);
    }

    @Override
    protected Pending read(ByteBuffer target, long position, Consumer<? super Outcome<Integer>> done) {
        return start("read", () -> channel.read(target, position), done);
    }

    @Override
    protected Pending write(ByteBuffer source, long position, Consumer<? super Outcome<Integer>> done) {
        return start("write", () -> channel.write(source, position), done);
    }

    @Override
    protected Pending read(ByteBuffer[] targets, long position, Consumer<? super Outcome<Long>> done) {
        return start("read", () -> position == STREAMING ? channel.read(targets) : read(targets, position), done);
    }

    /** The JDK reads into several buffers only where the channel stands. */
    private long read(ByteBuffer[] targets, long position) throws IOException {
        long total = 0;
        for (ByteBuffer target : targets) {
            int wanted = target.remaining();
            int count = wanted == 0 ? 0 : channel.read(target, position + total);
            if (count < 0) {
                return total == 0 ? -1 : total;
            }
            total += count;
            if (count < wanted) {
                break;
            }
        }
        return total;
    }

    @Override
    protected Pending write(ByteBuffer[] sources, long position, Consumer<? super Outcome<Long>> done) {
        return start("write", () -> position == STREAMING ? channel.write(sources) : write(sources, position), done);
    }

    private long write(ByteBuffer[] sources, long position) throws IOException {
        long total = 0;
        for (ByteBuffer source : sources) {
            int wanted = source.remaining();
            try {
                int count = wanted == 0 ? 0 : channel.write(source, position + total);
                total += count;
                if (count < wanted) {
                    break;
                }
            } catch (IOException e) {
                if (total == 0) {
                    throw e;
                }
                break; // the next write will say it
            }
        }
        return total;
    }

    @Override
    protected Pending size(Consumer<? super Outcome<Long>> done) {
        return start("size", channel::size, done);
    }

    @Override
    protected Pending sync(Consumer<? super Outcome<@Nullable Void>> done) {
        return this.<@Nullable Void>start(
                "sync",
                () -> {
                    channel.force(true);
                    return null;
                },
                done);
    }

    @Override
    protected Pending syncData(Consumer<? super Outcome<@Nullable Void>> done) {
        return this.<@Nullable Void>start(
                "sync",
                () -> {
                    channel.force(false);
                    return null;
                },
                done);
    }

    @Override
    protected Pending setLength(long sizeBytes, Consumer<? super Outcome<@Nullable Void>> done) {
        return this.<@Nullable Void>start(
                "set the length of",
                () -> {
                    file.setLength(sizeBytes);
                    return null;
                },
                done);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    /** A coroutine must not wait for a device, so its close is a job like any other. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        fs.forget(this);
        closeLock();
        if (!Thread.currentThread().isVirtual()) {
            closeChannel();
        } else {
            fs.jobs.<@Nullable Void>start(
                    () -> {
                        closeChannel();
                        return null;
                    },
                    ended -> {});
        }
    }

    private void closeChannel() {
        try {
            file.close();
        } catch (IOException ignored) { // the descriptor is gone all the same
            LOG.log(Level.DEBUG, () -> "close of " + path, ignored);
        }
    }

    @Override
    public String toString() {
        return "File[" + path + (isOpen() ? "]" : ", closed]");
    }
}
