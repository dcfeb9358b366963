package io.amphio.evented.loop;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Operation;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one connection from a listener.
 *
 * <p>Without a free file descriptor it fails (EMFILE) while the connection goes on waiting, so accepting again at once
 * would spin: wait a little. A canceled accept has taken none.
 */
public final class Accept extends SocketOperation {
    private final LoopListener listener;
    private final Consumer<? super Accept> callback;
    private @Nullable LoopSocket socket; // whoever the result belongs to; made once, since a handle is an identity

    /**
     * Creates an accept, not submitted.
     *
     * @param listener where connections arrive
     * @param callback told when it has ended
     */
    public Accept(LoopListener listener, Consumer<? super Accept> callback) {
        super(Operation.Kind.ACCEPT, listener);
        this.listener = listener;
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Hands over the connection, which is the caller's to close.
     *
     * @return the connection of the last submission
     * @throws IOException if that failed
     */
    @SuppressWarnings("ReferenceEquality") // a descriptor is an identity
    public LoopSocket socket() throws IOException {
        check();
        Descriptor connection = operation.accepted();
        if (connection == null) {
            throw new IllegalStateException(this + ": it has not ended");
        }
        if (socket == null || socket.descriptor() != connection) {
            socket = new LoopSocket(listener.provider(), connection);
        }
        return socket;
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
