package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Reads what is there, at least one byte, and maybe less than there is room for.
 *
 * <p>The buffers belong to the loop until the callback. Their positions move by what was transferred, and not at all if it
 * failed or was canceled. With no room in any of them it ends at once with 0 bytes.
 */
public final class ReadFile extends FileOperation {
    /** The offset that stands for "where the file stands", and moves on by what is transferred. */
    public static final long STREAMING = -1;

    private final Consumer<? super ReadFile> callback;

    /**
     * Creates a read, not submitted.
     *
     * @param file opened for that
     * @param offset where in the file, or {@link #STREAMING}
     * @param callback told when it has ended
     * @param buffers filled in order
     */
    public ReadFile(LoopFile file, long offset, Consumer<? super ReadFile> callback, ByteBuffer... buffers) {
        super(Operation.Kind.READ, file);
        this.callback = Objects.requireNonNull(callback, "callback");
        into(offset, buffers);
    }

    /**
     * Says where to read to next.
     *
     * @param offset where in the file, or {@link #STREAMING}
     * @param buffers filled in order
     * @return this
     * @throws IllegalStateException while it is in flight
     * @throws IllegalArgumentException if one of them is read-only
     */
    public ReadFile into(long offset, ByteBuffer... buffers) {
        checkNotInFlight();
        if (offset < STREAMING) {
            throw new IllegalArgumentException("read at offset " + offset);
        }
        operation.setBuffers(writable("read", buffers));
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
     * @return how many bytes, or -1 at the end of the file
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
