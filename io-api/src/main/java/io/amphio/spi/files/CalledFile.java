package io.amphio.spi.files;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.fs.Dir;
import io.amphio.fs.FileLock;
import io.amphio.fs.FileStat;
import io.amphio.fs.LockMode;
import io.amphio.fs.TimeChange;
import io.amphio.spi.Backoff;
import io.amphio.spi.BufferLeases;
import io.amphio.spi.FsErrors;
import io.amphio.spi.Pending;
import io.amphio.spi.Startable;
import io.amphio.spi.StartableFile;
import io.amphio.spi.StartedWait;
import io.amphio.spi.Waits;
import io.amphio.sync.Mutex;
import io.amphio.sync.Semaphore;
import io.vavr.control.Option;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file whose reads and writes are started by the implementation, and whose other calls wait on its workers.
 *
 * <p>Streaming operations take a mutex, so they come one after another, and each moves the position by what it has transferred before the
 * next begins.
 */
public abstract class CalledFile extends StartableFile {
    /** The position that stands for "where the file stands". */
    protected static final long STREAMING = -1;

    private static final Object LOCKING = new Object();

    private final Mutex turn = new Mutex(); // of streaming operations
    private final AtomicReference<@Nullable Object> lock = new AtomicReference<>(); // LOCKING, or a HeldLock

    /** Creates it. */
    protected CalledFile() {}

    // ---------------------------------------------------------------- what the implementation gives

    /** Returns the calls on it. */
    protected abstract FileCalls calls();

    /** Returns who makes them. */
    protected abstract FileWorkers workers();

    /** Returns who gives locks back: never behind calls that may wait for that. */
    protected abstract FileWorkers releasers();

    /** Starts a read into several buffers; the position may be {@link #STREAMING}, also of a read into one. */
    protected abstract Pending read(ByteBuffer[] targets, long position, Consumer<? super Outcome<Long>> done);

    /** Starts a write of several buffers; the position may be {@link #STREAMING}, also of a write of one. */
    protected abstract Pending write(ByteBuffer[] sources, long position, Consumer<? super Outcome<Long>> done);

    /** Starts to bring the content to the device. */
    protected abstract Pending syncData(Consumer<? super Outcome<@Nullable Void>> done);

    /** Starts to set the size. */
    protected abstract Pending setLength(long sizeBytes, Consumer<? super Outcome<@Nullable Void>> done);

    // ---------------------------------------------------------------- reading and writing

    @Override
    public final long readAt(Io io, ByteBuffer[] targets, long position) throws IOException {
        return run(io, "read", reading(targets, requirePosition("read", position)));
    }

    @Override
    public final long writeAt(Io io, ByteBuffer[] sources, long position) throws IOException {
        return run(io, "write", writing(sources, requirePosition("write", position)));
    }

    @Override
    public final int read(Io io, ByteBuffer target) throws IOException {
        return (int) read(io, new ByteBuffer[] {target});
    }

    @Override
    public final int write(Io io, ByteBuffer source) throws IOException {
        return (int) write(io, new ByteBuffer[] {source});
    }

    @Override
    public final long read(Io io, ByteBuffer... targets) throws IOException {
        turn.lock(io);
        try {
            return run(io, "read", reading(targets, STREAMING));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public final long write(Io io, ByteBuffer... sources) throws IOException {
        turn.lock(io);
        try {
            return run(io, "write", writing(sources, STREAMING));
        } finally {
            turn.unlock();
        }
    }

    private long requirePosition(String verb, long position) {
        if (position < 0) {
            throw new IllegalArgumentException(verb + " " + path() + " at position " + position);
        }
        return position;
    }

    private Startable<Long> reading(ByteBuffer[] targets, long position) {
        for (ByteBuffer target : targets) {
            if (target.isReadOnly()) {
                throw new IllegalArgumentException("read into a read-only buffer: " + target);
            }
        }
        return transfer("read", BufferLeases.Use.FILL, targets, done -> read(targets, position, done));
    }

    private Startable<Long> writing(ByteBuffer[] sources, long position) {
        return transfer("write", BufferLeases.Use.DRAIN, sources, done -> write(sources, position, done));
    }

    private static Startable<Long> transfer(
            String verb, BufferLeases.Use use, ByteBuffer[] buffers, Startable<Long> operation) {
        return done -> {
            if (buffers.length == 0) {
                done.accept(new Outcome.Value<>(0L));
                return () -> {};
            }
            BufferLeases.Lease lease = BufferLeases.take(verb, use, buffers);
            try {
                if (!hasRemaining(buffers)) {
                    lease.release();
                    done.accept(new Outcome.Value<>(0L));
                    return () -> {};
                }
                return operation.start(outcome -> {
                    lease.release();
                    done.accept(outcome);
                });
            } catch (RuntimeException | Error notStarted) {
                lease.release();
                throw notStarted;
            }
        };
    }

    private static boolean hasRemaining(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public final long position(Io io) throws IOException {
        turn.lock(io);
        try {
            return call(io, "position of", () -> calls().position());
        } finally {
            turn.unlock();
        }
    }

    @Override
    public final void seek(Io io, long position) throws IOException {
        requirePosition("seek", position);
        turn.lock(io);
        try {
            call(io, "seek", () -> {
                calls().seek(position);
                return true;
            });
        } finally {
            turn.unlock();
        }
    }

    // ---------------------------------------------------------------- the rest

    private <T extends @Nullable Object> T run(Io io, String verb, Startable<T> operation) throws IOException {
        return StartedWait.run(io, verb + " " + path(), Timeout.NONE, operation);
    }

    final <T> T call(Io io, String verb, Callable<T> call) throws IOException {
        return run(io, verb, calling(verb, call));
    }

    /** A platform thread makes the call itself: the workers may have gone, when a runtime closes what is left open. */
    final <T> T callUncanceled(String verb, Callable<T> call) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            Startable<T> calling = done -> releasers().start(() -> CalledDir.told(verb, path(), call), done);
            return StartedWait.runUncanceled(verb + " " + path(), calling);
        }
        return CalledDir.told(verb, path(), call);
    }

    private <T> Startable<T> calling(String verb, Callable<T> call) {
        return done -> workers()
                .start(
                        () -> {
                            if (!isOpen()) { // what the system has of it may be closed later
                                throw FsErrors.closed(verb, path());
                            }
                            return CalledDir.told(verb, path(), call);
                        },
                        done);
    }

    @Override
    public final void syncData(Io io) throws IOException {
        run(io, "sync", (Startable<@Nullable Void>) this::syncData);
    }

    @Override
    public final void setLength(Io io, long sizeBytes) throws IOException {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("set the length of " + path() + " to " + sizeBytes);
        }
        Startable<@Nullable Void> operation = done -> setLength(sizeBytes, done);
        run(io, "set the length of", operation);
    }

    @Override
    public final FileStat stat(Io io) throws IOException {
        return call(io, "stat", () -> calls().stat());
    }

    private void change(Io io, String verb, AttributeChange change) throws IOException {
        call(io, verb, () -> {
            calls().change(change);
            return true;
        });
    }

    @Override
    public final void setPermissions(Io io, int permissions) throws IOException {
        change(io, "set the permissions of", new AttributeChange.Permissions(permissions));
    }

    @Override
    public final void setOwner(Io io, @Nullable Integer userId, @Nullable Integer groupId) throws IOException {
        change(io, "set the owner of", new AttributeChange.Owner(userId, groupId));
    }

    @Override
    public final void setTimes(Io io, TimeChange accessed, TimeChange modified) throws IOException {
        change(io, "set the times of", new AttributeChange.Times(accessed, modified));
    }

    @Override
    public final Path realPath(Io io) throws IOException {
        return call(io, "real path of", () -> calls().realPath());
    }

    @Override
    public final void link(Io io, Dir to, String newName) throws IOException {
        DirCalls<?> target = CalledDir.callsOf("link", to);
        CalledDir.requireName("link", newName);
        call(io, "link", () -> {
            calls().link(target, newName);
            return true;
        });
    }

    @Override
    public final MemorySegment map(Io io, FileChannel.MapMode mode, long position, long sizeBytes, Arena arena)
            throws IOException {
        if (position < 0 || sizeBytes < 0) {
            throw new IllegalArgumentException("map " + sizeBytes + " bytes of " + path() + " at position " + position);
        }
        return call(io, "map", () -> calls().map(mode, position, sizeBytes, arena));
    }

    // ---------------------------------------------------------------- locks

    @Override
    public final FileLock lock(Io io, LockMode mode, Timeout timeout) throws IOException {
        Timeout limit = Waits.limit(io, timeout);
        return take(
                        io,
                        mode,
                        permits -> {
                            permits.acquire(io, FileLocks.permits(mode), limit);
                            return true;
                        },
                        () -> {
                            awaitSystem(io, mode, limit);
                            return true;
                        })
                .get();
    }

    @Override
    public final Option<FileLock> tryLock(Io io, LockMode mode) throws IOException {
        return take(
                io,
                mode,
                permits -> permits.tryAcquire(FileLocks.permits(mode)),
                () -> call(io, "lock", () -> calls().lock(mode)));
    }

    /** What asks the system for a lock; returns whether it has it. */
    @FunctionalInterface
    private interface Asking {
        boolean run() throws IOException;
    }

    /** Takes a lock in the table of this process and then in the system, or in none of the two. */
    private Option<FileLock> take(Io io, LockMode mode, Predicate<Semaphore> here, Asking system) throws IOException {
        beginLocking();
        HeldLock held = null;
        try {
            FileLocks locks = FileLocks.enter(call(io, "lock", () -> calls().lockKey()));
            try {
                if (!here.test(locks.permits)) {
                    return Option.none();
                }
                try {
                    if (system.run()) {
                        held = hold(locks, mode);
                    }
                } finally {
                    if (held == null) {
                        locks.permits.release(FileLocks.permits(mode));
                    }
                }
            } finally {
                if (held == null) {
                    locks.leave();
                }
            }
            return held == null ? Option.none() : Option.of(requireOpen(held));
        } finally {
            if (held == null) {
                lock.set(null);
            }
        }
    }

    private void beginLocking() {
        if (!lock.compareAndSet(null, LOCKING)) {
            throw new IllegalStateException(
                    "lock " + path() + ": this open file holds a lock already, or waits for one");
        }
    }

    /** Another process cannot tell us when it gives it back, and a thread that waits in the system could not be canceled. */
    private void awaitSystem(Io io, LockMode mode, Timeout limit) throws IOException {
        Backoff pauses = new Backoff(io, limit, "lock " + path());
        while (!call(io, "lock", () -> calls().lock(mode))) {
            pauses.pause();
        }
    }

    private HeldLock hold(FileLocks locks, LockMode mode) {
        HeldLock held = new HeldLock(this, calls(), locks, mode);
        lock.set(held);
        return held;
    }

    /** The file's close looks for a lock after it has said that the file is closed; we look at that after having set the lock. */
    private FileLock requireOpen(HeldLock held) throws IOException {
        if (!isOpen()) {
            held.close();
            throw FsErrors.closed("lock", path());
        }
        return held;
    }

    final void forget(HeldLock held) {
        lock.compareAndSet(held, null);
    }

    /** Gives back the lock, if there is one: a part of the close, once {@link #isOpen} tells of it and before the system has it back. */
    protected final void closeLock() {
        if (lock.get() instanceof HeldLock held) {
            held.close();
        }
    }
}
