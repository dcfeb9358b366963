package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.ListenOptions;
import io.amphio.net.Net;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Sockets come with the next commit. */
final class ThreadNet implements Net {
    @Override
    public Stream connect(Io io, InetSocketAddress address, Timeout timeout) throws IOException {
        throw new UnsupportedOperationException("connect: this Io has no sockets yet");
    }

    @Override
    public Server listen(InetSocketAddress address, ListenOptions options) throws IOException {
        throw new UnsupportedOperationException("listen: this Io has no sockets yet");
    }

    void endOfThread() {}

    void close() {}

    void closeSelectors() {}
}
