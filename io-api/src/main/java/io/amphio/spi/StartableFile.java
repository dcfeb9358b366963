package io.amphio.spi;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.fs.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file whose operations are started and tell later: the waiting is here, the work is the implementation's.
 *
 * <p>What is started has a lease of its buffer until it ends.
 */
public abstract class StartableFile implements File {
    /** Creates it. */
    protected StartableFile() {}

    /**
     * Starts a read.
     *
     * @param target has room
     * @param position 0 or more
     * @param done told how it ended; the buffer is the caller's again
     */
    protected abstract Pending read(ByteBuffer target, long position, Consumer<? super Outcome<Integer>> done);

    /**
     * Starts a write.
     *
     * @param source is not empty
     * @param position 0 or more
     * @param done told how it ended; the buffer is the caller's again
     */
    protected abstract Pending write(ByteBuffer source, long position, Consumer<? super Outcome<Integer>> done);

    /**
     * Starts to ask for the size.
     *
     * @param done told how it ended
     */
    protected abstract Pending size(Consumer<? super Outcome<Long>> done);

    /**
     * Starts to bring what was written to the device.
     *
     * @param done told how it ended
     */
    protected abstract Pending sync(Consumer<? super Outcome<@Nullable Void>> done);

    /** Returns a read, not started. */
    public final Startable<Integer> reading(ByteBuffer target, long position) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("read into a read-only buffer: " + target);
        }
        return transfer("read", BufferLeases.Use.FILL, target, position, done -> read(target, position, done));
    }

    /** Returns a write, not started. */
    public final Startable<Integer> writing(ByteBuffer source, long position) {
        return transfer("write", BufferLeases.Use.DRAIN, source, position, done -> write(source, position, done));
    }

    private Startable<Integer> transfer(
            String verb, BufferLeases.Use use, ByteBuffer buffer, long position, Startable<Integer> operation) {
        if (position < 0) {
            throw new IllegalArgumentException(verb + " " + path() + " at position " + position);
        }
        return done -> {
            BufferLeases.Lease lease = BufferLeases.take(verb, use, buffer);
            if (!buffer.hasRemaining()) {
                lease.release();
                done.accept(new Outcome.Value<>(0));
                return () -> {};
            }
            try {
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

    @Override
    public final int readAt(Io io, ByteBuffer target, long position) throws IOException {
        return StartedWait.run(io, "read " + path(), Timeout.NONE, reading(target, position));
    }

    @Override
    public final int writeAt(Io io, ByteBuffer source, long position) throws IOException {
        return StartedWait.run(io, "write " + path(), Timeout.NONE, writing(source, position));
    }

    @Override
    public final long size(Io io) throws IOException {
        return StartedWait.run(io, "size of " + path(), Timeout.NONE, (Startable<Long>) this::size);
    }

    @Override
    public final void sync(Io io) throws IOException {
        StartedWait.run(io, "sync " + path(), Timeout.NONE, (Startable<@Nullable Void>) this::sync);
    }
}
