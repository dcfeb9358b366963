package io.amphio.evented.fs;

import io.amphio.Outcome;
import io.amphio.evented.loop.Completion;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.FileChange;
import io.amphio.evented.loop.FileStat;
import io.amphio.evented.loop.LoopFile;
import io.amphio.evented.loop.ReadFile;
import io.amphio.evented.loop.WriteFile;
import io.amphio.spi.Pending;
import io.amphio.spi.files.CalledFile;
import io.amphio.spi.files.FileCalls;
import io.amphio.spi.files.FileWorkers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file on the event loops.
 *
 * <p>The kernel may write into a buffer until the operation has completed, whatever becomes of the task meanwhile. So a direct
 * buffer of whose memory we know nothing is copied: its arena could be closed. Heap buffers are copied by the backend.
 */
final class EventedFile extends CalledFile implements OfLoop {
    private static final int MOST_COPIED = 1 << 20;

    private final EventedFs fs;
    private final LoopFile file;
    private final Path path;
    private final AtomicBoolean closed = new AtomicBoolean(); // set by the closer, before the file follows

    EventedFile(EventedFs fs, LoopFile file, Path path) {
        this.fs = fs;
        this.file = file;
        this.path = path;
    }

    @Override
    protected FileCalls calls() {
        return file.calls();
    }

    @Override
    protected FileWorkers workers() {
        return fs.workers();
    }

    /** The loop's pool, which does nothing else that waits for a lock: who wants one and cannot have it sleeps on the loop. */
    @Override
    protected FileWorkers releasers() {
        return fs.workers();
    }

    private Pending submit(Completion completion) {
        EventLoop loop = fs.loops.get();
        loop.submit(completion.movable()); // its callback only wakes the task, and buffers may be given back anywhere
        return () -> loop.cancel(completion); // wherever it has moved to
    }

    /** As above; its callback gives {@code own} back, and if there will be none that is done here. */
    private Pending submit(Completion completion, ByteBuffer own) {
        try {
            return submit(completion);
        } catch (RuntimeException | Error refused) {
            fs.buffers.give(own);
            throw refused;
        }
    }

    private ByteBuffer copyOf(ByteBuffer source) {
        ByteBuffer own = fs.buffers.take(source.remaining());
        try {
            return own.put(source.duplicate()).flip();
        } catch (RuntimeException | Error unreadable) { // its arena was closed, say
            fs.buffers.give(own);
            throw unreadable;
        }
    }

    private <T extends @Nullable Object> Outcome<T> outcome(
            String verb, Completion ended, LoopOutcome.Result<T> result) {
        return LoopOutcome.of(verb, path, closed.get(), ended, result);
    }

    private boolean mustCopy(ByteBuffer buffer) {
        return buffer.isDirect() && !fs.buffers.isOut(buffer);
    }

    @Override
    protected Pending read(ByteBuffer target, long position, Consumer<? super Outcome<Integer>> done) {
        if (!mustCopy(target)) {
            return submit(new ReadFile(
                    file, position, ended -> done.accept(outcome("read", ended, () -> (int) ended.bytes())), target));
        }
        ByteBuffer own = fs.buffers.take(target.remaining());
        return submit(
                new ReadFile(
                        file,
                        position,
                        ended -> {
                            Outcome<Integer> outcome = outcome("read", ended, () -> {
                                target.put(own.flip());
                                return (int) ended.bytes();
                            });
                            fs.buffers.give(own);
                            done.accept(outcome);
                        },
                        own),
                own);
    }

    @Override
    protected Pending write(ByteBuffer source, long position, Consumer<? super Outcome<Integer>> done) {
        if (!mustCopy(source)) {
            return submit(new WriteFile(
                    file, position, ended -> done.accept(outcome("write", ended, () -> (int) ended.bytes())), source));
        }
        ByteBuffer own = copyOf(source);
        return submit(
                new WriteFile(
                        file,
                        position,
                        ended -> {
                            Outcome<Integer> outcome = outcome("write", ended, () -> {
                                source.position(source.position() + own.position());
                                return (int) ended.bytes();
                            });
                            fs.buffers.give(own);
                            done.accept(outcome);
                        },
                        own),
                own);
    }

    @Override
    protected Pending read(ByteBuffer[] targets, long position, Consumer<? super Outcome<Long>> done) {
        ByteBuffer own = ownFor(targets);
        if (own == null) {
            return submit(
                    new ReadFile(file, position, ended -> done.accept(outcome("read", ended, ended::bytes)), targets));
        }
        Completion read = new ReadFile(
                file,
                position,
                ended -> {
                    Outcome<Long> outcome = outcome("read", ended, () -> {
                        own.flip();
                        for (ByteBuffer target : targets) {
                            int count = Math.min(target.remaining(), own.remaining());
                            target.put(own.slice(own.position(), count));
                            own.position(own.position() + count);
                        }
                        return ended.bytes();
                    });
                    fs.buffers.give(own);
                    done.accept(outcome);
                },
                own);
        return submit(read, own);
    }

    @Override
    protected Pending write(ByteBuffer[] sources, long position, Consumer<? super Outcome<Long>> done) {
        ByteBuffer own = ownFor(sources);
        if (own == null) {
            return submit(new WriteFile(
                    file, position, ended -> done.accept(outcome("write", ended, ended::bytes)), sources));
        }
        try {
            for (ByteBuffer source : sources) {
                own.put(source.slice(source.position(), Math.min(source.remaining(), own.remaining())));
            }
        } catch (RuntimeException | Error unreadable) { // as above
            fs.buffers.give(own);
            throw unreadable;
        }
        own.flip();
        Completion write = new WriteFile(
                file,
                position,
                ended -> {
                    Outcome<Long> outcome = outcome("write", ended, () -> {
                        int left = own.position();
                        for (ByteBuffer source : sources) {
                            int count = Math.min(source.remaining(), left);
                            source.position(source.position() + count);
                            left -= count;
                        }
                        return ended.bytes();
                    });
                    fs.buffers.give(own);
                    done.accept(outcome);
                },
                own);
        return submit(write, own);
    }

    /** Returns a buffer for all of them together, or as much as goes at once, if one must be copied; else null. */
    private @Nullable ByteBuffer ownFor(ByteBuffer[] buffers) {
        long bytes = 0;
        boolean copy = false;
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
            copy |= mustCopy(buffer);
        }
        return copy ? fs.buffers.take((int) Math.min(bytes, MOST_COPIED)) : null;
    }

    @Override
    protected Pending size(Consumer<? super Outcome<Long>> done) {
        return submit(new FileStat(
                file,
                ended -> done.accept(outcome("size", ended, () -> ended.info().size()))));
    }

    @Override
    protected Pending sync(Consumer<? super Outcome<@Nullable Void>> done) {
        return submit(
                FileChange.sync(file, ended -> done.accept(this.<@Nullable Void>outcome("sync", ended, () -> null))));
    }

    @Override
    protected Pending syncData(Consumer<? super Outcome<@Nullable Void>> done) {
        return submit(FileChange.dataSync(
                file, ended -> done.accept(this.<@Nullable Void>outcome("sync", ended, () -> null))));
    }

    @Override
    protected Pending setLength(long sizeBytes, Consumer<? super Outcome<@Nullable Void>> done) {
        return submit(FileChange.truncate(
                file,
                sizeBytes,
                ended -> done.accept(this.<@Nullable Void>outcome("set the length of", ended, () -> null))));
    }

    @Override
    public LoopFile loopFile() {
        return file;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            fs.forget(this);
            closeLock();
            file.close();
        }
    }

    @Override
    public String toString() {
        return "File[" + path + (isOpen() ? "]" : ", closed]");
    }
}
