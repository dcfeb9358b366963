package io.amphio.evented.loop;

import io.amphio.evented.backend.Operation;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Consumer;

/** Connects a socket. If it fails or is canceled, the socket is of no more use: close it and connect another. */
public final class Connect extends SocketOperation {
    private final SocketAddress address;
    private final Consumer<? super Connect> callback;

    /**
     * Creates a connect, not submitted.
     *
     * @param socket not connected
     * @param address of the peer
     * @param callback told when it has ended
     */
    public Connect(LoopSocket socket, SocketAddress address, Consumer<? super Connect> callback) {
        this((LoopNetHandle) socket, address, callback);
    }

    /**
     * Creates a connect, not submitted, that sends nothing: from then on the socket has one peer.
     *
     * @param socket for datagrams
     * @param address of the peer
     * @param callback told when it has ended
     */
    public Connect(LoopDatagramSocket socket, SocketAddress address, Consumer<? super Connect> callback) {
        this((LoopNetHandle) socket, address, callback);
    }

    private Connect(LoopNetHandle socket, SocketAddress address, Consumer<? super Connect> callback) {
        super(Operation.Kind.CONNECT, socket);
        this.address = Objects.requireNonNull(address, "address");
        this.callback = Objects.requireNonNull(callback, "callback");
        operation.setAddress(address);
    }

    @Override
    String target() {
        return Addresses.format(address);
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
