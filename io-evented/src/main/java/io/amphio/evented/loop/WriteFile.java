package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Writes at least one byte, and maybe not all.
 *
 * <p>The buffers belong to the loop until the callback. Their positions move by what was transferred, and not at all if it
 * failed or was canceled. With nothing in any of them it ends at once with 0 bytes.
 */
public final class WriteFile extends FileOperation {
    /** The offset that stands for "where the file stands", and moves on by what is transferred. */
    public static final long STREAMING = -1;

    private final Consumer<? super WriteFile> callback;

    /**
     * Creates a write, not submitted.
     *
     * @param file opened for that
     * @param offset where in the file, or {@link #STREAMING}
     * @param callback told when it has ended
     * @param buffers emptied in order
     */
    public WriteFile(LoopFile file, long offset, Consumer<? super WriteFile> callback, ByteBuffer... buffers) {
        super(Operation.Kind.WRITE, file);
        this.callback = Objects.requireNonNull(callback, "callback");
        from(offset, buffers);
    }

    /**
     * Says where to write next.
     *
     * @param offset where in the file, or {@link #STREAMING}
     * @param buffers emptied in order
     * @return this
     * @throws IllegalStateException while it is in flight
     */
    public WriteFile from(long offset, ByteBuffer... buffers) {
        checkNotInFlight();
        if (offset < STREAMING) {
            throw new IllegalArgumentException("write at offset " + offset);
        }
        operation.setBuffers(buffers.clone());
        operation.setRange(offset, 0);
        return this;
    }

    @Override
    void begin(EventLoop on) {
        if (isWithoutRoom(operation.buffers())) {
            operation.done(0);
            on.inFlight().end(this, null);
        } else {
            super.begin(on);
        }
    }

    /**
     * Returns how much was transferred.
     *
     * @return how many bytes
     * @throws IOException if it failed
     */
    public long bytes() throws IOException {
        check();
        return operation.count();
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
