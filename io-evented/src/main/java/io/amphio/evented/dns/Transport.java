package io.amphio.evented.dns;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What queries need of a network; a test may have one of its own. */
interface Transport {
    /** Opens a socket for datagrams, with a local port of its own, which takes what {@code server} sends and nothing else. */
    Datagrams open(Io io, InetSocketAddress server) throws IOException;

    /** Connects to {@code server}. */
    Stream connect(Io io, InetSocketAddress server, Timeout timeout) throws IOException;

    /** A socket for datagrams with one peer. */
    interface Datagrams extends AutoCloseable {
        /** Sends one. A cancellation point. */
        void send(Io io, ByteBuffer bytes, Timeout timeout) throws IOException;

        /** Waits for one and returns its bytes; null for one that did not fit. A cancellation point. */
        byte @Nullable [] receive(Io io, Timeout timeout) throws IOException;

        @Override
        void close();
    }
}
