package io.amphio.net;

import io.amphio.Timeout;
import io.amphio.stream.Readable;
import io.amphio.stream.Writable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;

/**
 * A TCP connection.
 *
 * <p><b>Threads:</b> one task may read while another writes; a second reader, or a second writer, at the same time gets an
 * {@link IllegalStateException}. Everything else may be called from anywhere.<br>
 * <b>Waiting:</b> a cancel or a timeout never closes the connection; the next call goes on where the last one stopped.<br>
 * <b>Memory:</b> while a read waits, its buffer, and every other that shares the memory from its position to its limit, may not be
 * given to another operation ({@link IllegalStateException}). While a write waits, others may write the same memory too, from
 * buffer objects of their own: one message to many streams.
 */
public interface Stream extends Readable, Writable, AutoCloseable {
    /**
     * Sets how long each later read may wait; {@link io.amphio.TimedOutException} then.
     *
     * <p>A timeout made of a deadline limits all later reads together.
     */
    void setReadTimeout(Timeout timeout);

    /** Sets how long each later write may wait, as {@link #setReadTimeout} does for reads. */
    void setWriteTimeout(Timeout timeout);

    /** Says that nothing more will be written: the peer reads the end. Idempotent; does not wait. */
    void shutdownOutput() throws IOException;

    /** Says that nothing more will be read: reads, one that waits included, return the end. Idempotent; does not wait. */
    void shutdownInput() throws IOException;

    /** Sets a socket option ({@link java.net.StandardSocketOptions}). */
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /** Returns the value of a socket option. */
    <T> T getOption(SocketOption<T> option) throws IOException;

    /** Returns this end's address. */
    InetSocketAddress localAddress();

    /** Returns the peer's address. */
    InetSocketAddress remoteAddress();

    /** Returns whether this stream has not been closed at this end. */
    boolean isOpen();

    /**
     * Closes the connection. Reads and writes that wait end with a {@link java.nio.channels.ClosedChannelException}; what was
     * written is still delivered. Idempotent; not a cancellation point.
     */
    @Override
    void close();
}
