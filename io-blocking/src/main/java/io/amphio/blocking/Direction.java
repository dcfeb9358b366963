package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.BufferLeases;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the two directions of a connection: one operation at a time, its timeout, and the steps that each takes.
 *
 * <p><b>Threads:</b> an operation is run by whoever gets hold of {@link #user}; the rest may be called from anywhere.
 */
final class Direction {
    private final Handle handle;
    private final int ops;
    private final Handle.Operation operation;
    private final AtomicReference<@Nullable Task> user = new AtomicReference<>();
    private volatile Timeout timeout = Timeout.NONE;

    Direction(Handle handle, int ops, String name, SocketAddress address) {
        this.handle = handle;
        this.ops = ops;
        this.operation = new Handle.Operation(name, address);
    }

    /** One try: how many bytes it moved, 0 if it would have to wait, -1 at the end. */
    @FunctionalInterface
    interface Attempt {
        long run() throws IOException;
    }

    void setTimeout(Timeout newTimeout) {
        timeout = Objects.requireNonNull(newTimeout, "the timeout is null");
    }

    /** Runs an operation on one buffer. */
    long run(Io io, ByteBuffer buffer, Attempt attempt) throws IOException {
        Task task = begin(io);
        BufferLeases.check(operation.name(), use(), buffer);
        occupy(task);
        try {
            return buffer.hasRemaining()
                    ? move(io, task, attempt, () -> BufferLeases.take(operation.name(), use(), buffer))
                    : nothing();
        } catch (IOException failed) {
            throw NetErrors.of(operation.name(), operation.address(), failed);
        } finally {
            user.set(null);
        }
    }

    /** Runs an operation on several buffers. */
    long run(Io io, ByteBuffer[] buffers, Attempt attempt) throws IOException {
        Task task = begin(io);
        BufferLeases.check(operation.name(), use(), buffers);
        occupy(task);
        try {
            return hasRemaining(buffers)
                    ? move(io, task, attempt, () -> BufferLeases.take(operation.name(), use(), buffers))
                    : nothing();
        } catch (IOException failed) {
            throw NetErrors.of(operation.name(), operation.address(), failed);
        } finally {
            user.set(null);
        }
    }

    /** Runs a part of an operation that has no buffer; another may come between it and the next part. */
    long run(Io io, Attempt attempt) throws IOException {
        Task task = begin(io);
        occupy(task);
        try {
            long moved = attempt.run();
            return moved != 0 ? moved : awaitAndRun(io, task, attempt);
        } catch (FileSystemException ofTheFile) {
            throw ofTheFile;
        } catch (IOException failed) {
            throw NetErrors.of(operation.name(), operation.address(), failed);
        } finally {
            user.set(null);
        }
    }

    /** Tries in place, and where that moves nothing, waits with the buffers leased. */
    private long move(Io io, Task task, Attempt attempt, Supplier<BufferLeases.Lease> leasing) throws IOException {
        long moved = attempt.run();
        if (moved != 0) {
            return moved;
        }
        BufferLeases.Lease lease = leasing.get();
        try {
            return awaitAndRun(io, task, attempt);
        } finally {
            lease.release();
        }
    }

    private BufferLeases.Use use() {
        return ops == SelectionKey.OP_READ ? BufferLeases.Use.FILL : BufferLeases.Use.DRAIN;
    }

    private static Task begin(Io io) {
        Objects.requireNonNull(io, "io is null");
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        return task;
    }

    private void occupy(Task task) {
        if (!user.compareAndSet(null, task)) {
            Task other = user.get();
            throw new IllegalStateException(operation + ": another " + operation.name() + " of this stream is going on"
                    + (other == null ? "" : ", in " + other.name()));
        }
    }

    private long nothing() throws IOException {
        if (!handle.isOpen()) {
            throw NetErrors.closed(operation.name(), operation.address());
        }
        return 0;
    }

    private static boolean hasRemaining(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private long awaitAndRun(Io io, Task task, Attempt attempt) throws IOException {
        Timeout limit = timeout;
        long started = limit.isNone() ? 0 : io.clock().nanoTime();
        long deadline = Waits.deadline(io, limit).nanos();
        while (true) {
            if (!handle.awaitReady(io, task, ops, deadline, operation)) {
                throw Waits.timedOut(operation, io.clock().nanoTime() - started);
            }
            long moved = attempt.run();
            if (moved != 0) {
                return moved;
            }
        }
    }
}
