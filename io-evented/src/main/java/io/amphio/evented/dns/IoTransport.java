package io.amphio.evented.dns;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Datagram;
import io.amphio.net.DatagramSocket;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The sockets of an {@code Io}. */
final class IoTransport implements Transport {
    private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");
    private static final int FIRST_PORT = 49_152; // those that nobody registers
    private static final int PORTS = 65_536 - FIRST_PORT;
    private static final int TRIES = 8;
    private static final int RECEIVED_BYTES = 4 << 10; // more than is asked for: some servers do not care

    private final Io owner;
    private final IntUnaryOperator chance;

    /**
     * Creates it.
     *
     * @param owner whose sockets
     * @param chance returns a number from 0 to below its argument that nobody outside can guess
     */
    IoTransport(Io owner, IntUnaryOperator chance) {
        this.owner = owner;
        this.chance = chance;
    }

    @Override
    public Datagrams open(Io io, InetSocketAddress server) throws IOException {
        DatagramSocket socket = bind(server.getAddress() instanceof Inet4Address ? ANY_IPV4 : ANY_IPV6);
        boolean connected = false;
        try {
            socket.connect(io, server);
            connected = true;
            return new Connected(socket);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /** Not every system gives a port that is hard to guess, so it is chosen here; after some that are taken, by the system. */
    private DatagramSocket bind(InetAddress any) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try {
                return owner.net().bind(new InetSocketAddress(any, FIRST_PORT + chance.applyAsInt(PORTS)));
            } catch (BindException taken) {
                // another one, then
            }
        }
        return owner.net().bind(new InetSocketAddress(any, 0));
    }

    @Override
    public Stream connect(Io io, InetSocketAddress server, Timeout timeout) throws IOException {
        return owner.net().connect(io, server, timeout);
    }

    private record Connected(DatagramSocket socket) implements Datagrams {
        @Override
        public void send(Io io, ByteBuffer bytes, Timeout timeout) throws IOException {
            socket.send(io, bytes, timeout);
        }

        @Override
        public byte @Nullable [] receive(Io io, Timeout timeout) throws IOException {
            ByteBuffer target = ByteBuffer.allocate(RECEIVED_BYTES);
            Datagram came = socket.receive(io, target, timeout);
            return came.truncated() ? null : Arrays.copyOf(target.array(), target.position());
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
