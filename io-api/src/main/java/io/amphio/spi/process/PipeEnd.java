package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.BufferLeases;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One end of a pipe to or from a process: every call first tries; one that would have waited waits until a try is worth it, and tries
 * again. So no buffer is ever in the hands of somebody else, and a cancel can neither lose bytes nor leave a buffer in use.
 *
 * <p>How to try, and how to wait, is the implementation's.
 */
public abstract class PipeEnd {
    /** What a try returns that would have waited. */
    public static final long WOULD_BLOCK = -2;

    private final String what;
    private final String verb;
    private final BufferLeases.Use use;
    private final AtomicBoolean busy = new AtomicBoolean(); // held by the task that reads, or writes
    private volatile Timeout timeout = Timeout.NONE;

    /**
     * Creates an end.
     *
     * @param stream which of the three, and of what: "output of cat"
     * @param verb "read" or "write"
     */
    protected PipeEnd(String stream, String verb) {
        this.what = verb + " " + stream;
        this.verb = verb;
        this.use = verb.equals("read") ? BufferLeases.Use.FILL : BufferLeases.Use.DRAIN;
    }

    /**
     * Transfers what can be without waiting.
     *
     * @return how many bytes, -1 at the end, or {@link #WOULD_BLOCK}
     * @throws IOException if this end is closed, or the transfer failed
     */
    protected abstract long attempt(ByteBuffer[] buffers) throws IOException;

    /** Waits until an attempt is worth it, also as this end was closed. A cancellation point. */
    protected abstract void awaitReady(Io io, Timeout limit);

    /** Returns what is done to what, for messages. */
    protected final String what() {
        return what;
    }

    /** Sets how long each later transfer may wait. */
    protected final void setTimeout(Timeout newTimeout) {
        timeout = Objects.requireNonNull(newTimeout, "the timeout is null");
    }

    /** Transfers at least a byte. A cancellation point. */
    protected final long transfer(Io io, ByteBuffer... buffers) throws IOException {
        Objects.requireNonNull(io, "io is null");
        if (use == BufferLeases.Use.FILL) {
            for (ByteBuffer target : buffers) {
                if (target.isReadOnly()) {
                    throw new IllegalArgumentException("read into a read-only buffer: " + target);
                }
            }
        }
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(what + ": another " + verb + " of it is going on");
        }
        try {
            BufferLeases.check(verb, use, buffers);
            if (isEmpty(buffers)) {
                return 0;
            }
            long count = attempt(buffers);
            return count != WOULD_BLOCK ? count : transferWaiting(io, buffers);
        } finally {
            busy.set(false);
        }
    }

    private static boolean isEmpty(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    private long transferWaiting(Io io, ByteBuffer[] buffers) throws IOException {
        Timeout limit = Waits.limit(io, timeout);
        BufferLeases.Lease lease = BufferLeases.take(verb, use, buffers);
        try {
            while (true) {
                awaitReady(io, limit);
                long count = attempt(buffers);
                if (count != WOULD_BLOCK) {
                    return count;
                }
            }
        } finally {
            lease.release();
        }
    }

    @Override
    public final String toString() {
        return "pipe to " + what;
    }
}
