package io.amphio.evented.loop;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a part of a file, at least one byte and maybe not all; where the kernel can, without bringing it to us.
 *
 * <pre>
 *   step     event            next     and then
 *   -------  ---------------  -------  ------------------------------------------------------------------
 *   COPYING  would block      WAITING  the loop polls until the target takes something; only calls of the
 *                                      pool say so, as a backend that copies waits by itself
 *   COPYING  anything else             it ends
 *   WAITING  ready            COPYING  again
 *   WAITING  canceled, failed          it ends
 * </pre>
 *
 * <p>A cancel that comes between two steps is seen before the next: the flag is looked at there.
 */
public final class CopyFile extends BackendOperation {
    private final LoopFile file;
    private final LoopHandle to;
    private final Operation poll = new Operation(Operation.Kind.POLL_WRITABLE, this);
    private final Consumer<? super CopyFile> callback;
    private @Nullable Operation current; // who has custody of the loop: what is under way; null between two steps

    /**
     * Creates a copy to a socket, not submitted.
     *
     * @param file opened for reading
     * @param offset where in the file it begins
     * @param length how many bytes at most
     * @param to connected
     * @param callback told when it has ended
     */
    public CopyFile(LoopFile file, long offset, long length, LoopSocket to, Consumer<? super CopyFile> callback) {
        this(file, offset, length, (LoopHandle) to, callback);
    }

    /**
     * Creates a copy to a pipe, not submitted.
     *
     * @param file opened for reading
     * @param offset where in the file it begins
     * @param length how many bytes at most
     * @param to the sink of a pipe
     * @param callback told when it has ended
     */
    public CopyFile(LoopFile file, long offset, long length, LoopPipeEnd to, Consumer<? super CopyFile> callback) {
        this(file, offset, length, (LoopHandle) to.checkIs(false), callback);
    }

    private CopyFile(LoopFile file, long offset, long length, LoopHandle to, Consumer<? super CopyFile> callback) {
        super(Operation.Kind.COPY);
        this.file = file;
        this.to = to;
        this.callback = Objects.requireNonNull(callback, "callback");
        operation.setDescriptor(file.descriptor());
        operation.setTarget(to.descriptor());
        poll.setDescriptor(to.descriptor());
        range(offset, length);
    }

    /**
     * Says which part to copy next.
     *
     * @param offset where in the file it begins
     * @param length how many bytes at most
     * @return this
     * @throws IllegalStateException while it is in flight
     */
    public CopyFile range(long offset, long length) {
        checkNotInFlight();
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("copy " + length + " bytes from offset " + offset);
        }
        operation.setRange(offset, length);
        return this;
    }

    /**
     * Returns how much was copied.
     *
     * @return how many bytes, or -1 at the end of the file
     * @throws IOException if it failed
     */
    public long bytes() throws IOException {
        check();
        return operation.count();
    }

    @Override
    void reserve(EventLoop on) {
        file.checkWorksOn(on);
        to.checkWorksOn(on);
        to.enter(this, false);
        file.enter(this, false);
    }

    @Override
    void release() {
        to.leave(this, false);
        file.leave(this, false);
    }

    @Override
    void forEachHandle(Consumer<LoopHandle> visitor) {
        visitor.accept(to);
        visitor.accept(file);
    }

    @Override
    void begin(EventLoop on) {
        if (operation.length() == 0) {
            operation.done(0);
            on.inFlight().end(this, null);
        } else {
            step(on, operation);
        }
    }

    private void step(EventLoop on, Operation what) {
        current = what;
        perform(on, what);
    }

    @Override
    void cancel(EventLoop on) {
        if (current != null) {
            stop(on, current);
        }
    }

    @Override
    void finish(InFlight all, Operation what) {
        current = null;
        boolean done = what.outcome() == Operation.Outcome.DONE;
        if (done && what == poll) {
            stepUnlessCanceled(all, operation);
        } else if (done && what.count() == Descriptor.WOULD_BLOCK) {
            stepUnlessCanceled(all, poll);
        } else {
            super.finish(all, what);
        }
    }

    private void stepUnlessCanceled(InFlight all, Operation next) {
        all.loop().routing().byOwner(new Inbox.Node() {
            @Override
            void visit(EventLoop on) {
                if (isCancelRequested() || all.isClosing()) {
                    all.endCanceled(CopyFile.this);
                } else {
                    step(on, next);
                }
            }
        });
    }

    @Override
    String verb() {
        return "copy";
    }

    @Override
    String target() {
        return file.target() + " to " + to.target();
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
