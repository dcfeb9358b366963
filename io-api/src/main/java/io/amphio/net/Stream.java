package io.amphio.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.stream.Readable;
import io.amphio.stream.Writable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;

/**
 * A connection: over TCP, or between Unix sockets.
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

    /**
     * Sends a part of a file. Where file and stream belong to the same {@code Io}, and the system can, the bytes never come to the
     * program; elsewhere they are read and written.
     *
     * <p>A compound operation, and a write to this stream: a cancel or the write timeout may strike when a part has gone, and
     * {@link io.amphio.stream.Transferred#bytes} of what is thrown says how much.
     *
     * @param io who waits
     * @param file opened for reading
     * @param position of the first byte in the file
     * @param limit how many bytes at most; {@link Long#MAX_VALUE} for all to the end of the file
     * @return how many bytes were sent: less than {@code limit} only if the file ended
     * @throws IOException if the file cannot be read, or the connection is broken or closed
     * @throws IllegalArgumentException if {@code position} or {@code limit} is below 0
     */
    default long sendFile(Io io, File file, long position, long limit) throws IOException {
        return FileSending.copy(io, this, file, position, limit);
    }

    /** Says that nothing more will be written: the peer reads the end. Idempotent; does not wait. */
    void shutdownOutput() throws IOException;

    /** Says that nothing more will be read: reads, one that waits included, return the end. Idempotent; does not wait. */
    void shutdownInput() throws IOException;

    /** Sets a socket option ({@link java.net.StandardSocketOptions}). */
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /** Returns the value of a socket option. */
    <T> T getOption(SocketOption<T> option) throws IOException;

    /**
     * Returns this end's address, of a TCP connection.
     *
     * @throws UnsupportedOperationException if it is none; {@link #localSocketAddress} then
     */
    InetSocketAddress localAddress();

    /**
     * Returns the peer's address, of a TCP connection.
     *
     * @throws UnsupportedOperationException if it is none; {@link #remoteSocketAddress} then
     */
    InetSocketAddress remoteAddress();

    /**
     * Returns this end's address, whatever its family. A Unix socket without a name, such as that of a client, has a
     * {@link java.net.UnixDomainSocketAddress} with an empty path.
     */
    default SocketAddress localSocketAddress() {
        return localAddress();
    }

    /** Returns the peer's address, whatever its family, as {@link #localSocketAddress} does. */
    default SocketAddress remoteSocketAddress() {
        return remoteAddress();
    }

    /** Returns whether this stream has not been closed at this end. */
    boolean isOpen();

    /**
     * Closes the connection. Reads and writes that wait end with a {@link java.nio.channels.ClosedChannelException}; what was
     * written is still delivered. Idempotent; not a cancellation point.
     */
    @Override
    void close();
}
