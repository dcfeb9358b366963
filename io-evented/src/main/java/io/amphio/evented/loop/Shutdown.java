package io.amphio.evented.loop;

import io.amphio.evented.backend.Failure;
import java.util.Objects;
import java.util.function.Consumer;

/** Ends one direction of a connection, or both, in turn with what else is submitted. It never waits, so a cancel is too late. */
public final class Shutdown extends Completion {
    private final LoopSocket socket;
    private final boolean input;
    private final boolean output;
    private final Consumer<? super Shutdown> callback;

    /**
     * Creates a shutdown, not submitted.
     *
     * @param socket connected
     * @param input whether to receive nothing more
     * @param output whether to send nothing more; the peer then reads to the end
     * @param callback told when it has ended
     */
    public Shutdown(LoopSocket socket, boolean input, boolean output, Consumer<? super Shutdown> callback) {
        this.socket = Objects.requireNonNull(socket, "socket");
        this.input = input;
        this.output = output;
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    @Override
    String verb() {
        return "shutdown";
    }

    @Override
    String target() {
        return socket.target();
    }

    @Override
    void reserve(EventLoop on) {
        socket.checkWorksOn(on);
    }

    @Override
    void release() {}

    @Override
    void begin(EventLoop on) {
        OperationException failure = null;
        try {
            socket.descriptor().shutdown(input, output); // a closed descriptor refuses by itself
        } catch (Failure e) {
            failure = OperationException.of(verb(), target(), e);
        }
        on.inFlight().end(this, failure);
    }

    @Override
    void cancel(EventLoop on) {}

    @Override
    void callBack() {
        callback.accept(this);
    }
}
