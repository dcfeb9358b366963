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
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file whose calls are made on worker threads, and never on the caller's: an interrupt there would close the channel.
 *
 * <p>A close ends what is in flight first. The JDK's close of a channel ends the calls that are inside; what still waits for its turn
 * ends without one, as its worker may be a long time coming. None of these is missed: a close sets {@link #closed} before it
 * looks at what is queued, and who queues something looks at that afterwards.
 */
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
        return this::queue;
    }

    /** Beyond the limit of those that make calls: all of these may be waiting for what is given back here. */
    @Override
    protected FileWorkers releasers() {
        return this::startBeyondLimit;
    }

    private <T extends @Nullable Object> Pending startBeyondLimit(
            Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
        fs.jobs.beyondLimit(() -> {
            Outcome<T> outcome;
            try {
                outcome = new Outcome.Value<>(call.call());
            } catch (Throwable failure) {
                outcome = new Outcome.Failure<>(failure);
            }
            done.accept(outcome);
        });
        return () -> {};
    }

    private <T extends @Nullable Object> Pending queue(Callable<? extends T> call, Consumer<? super Outcome<T>> done) {
        Pending pending = fs.jobs.start(this, call, done);
        if (closed.get()) {
            fs.jobs.endQueued(this); // which the close may not have seen
        }
        return pending;
    }

    @FunctionalInterface
    private interface Call<T extends @Nullable Object> {
        T make() throws IOException;
    }

    private <T extends @Nullable Object> Pending start(String verb, Call<T> call, Consumer<? super Outcome<T>> done) {
        return queue(
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

    /**
     * Starts to send from a position to a channel that does not wait, by the system where it can.
     *
     * @param done told how many bytes; 0 where the channel would have had to wait, -1 at the end of the file
     */
    Pending send(SocketChannel target, long position, long most, Consumer<? super Outcome<Long>> done) {
        return queue(
                () -> {
                    if (closed.get()) { // the channel may follow later
                        throw FsErrors.closed("send", path);
                    }
                    try {
                        long count = channel.transferTo(position, most, target);
                        return count > 0 || position < channel.size() ? count : -1;
                    } catch (IOException | IllegalStateException refused) { // not open for reading is one of the latter
                        if (refused instanceof IOException ofTheTarget && channel.isOpen()) {
                            throw ofTheTarget;
                        }
                        throw FsErrors.of("send", path, refused);
                    }
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

    /**
     * A coroutine must not wait for a device, so another thread closes the channel for it: one beyond the limit of those that make
     * calls, since all of these may be waiting for what this very close ends.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        fs.forget(this);
        fs.jobs.endQueued(this);
        closeLock();
        if (Thread.currentThread().isVirtual()) {
            fs.jobs.beyondLimit(this::closeChannel);
        } else {
            closeChannel();
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
