package io.amphio.evented.backend.nio;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The channels of the JDK, opened once each: the first of a kind loads native libraries and looks at the system. */
final class NioChannels {
    @FunctionalInterface
    private interface Opening {
        Closeable open() throws IOException;
    }

    static {
        InetAddress.getLoopbackAddress();
        tryOut(SocketChannel::open);
        tryOut(ServerSocketChannel::open);
        tryOut(DatagramChannel::open);
        tryOut(() -> SocketChannel.open(StandardProtocolFamily.UNIX));
    }

    private NioChannels() {}

    /** Returns once that has been done; the work is this class's own initialisation, so it happens once. */
    static void prepare() {}

    private static void tryOut(Opening opening) {
        try {
            opening.open().close();
        } catch (IOException | UnsupportedOperationException refused) {
            // No descriptor is left, or there is no such family: who needs one is told then. All is loaded in any case.
        }
    }
}
