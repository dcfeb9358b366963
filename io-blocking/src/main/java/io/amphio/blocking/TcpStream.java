package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.fs.File;
import io.amphio.net.FileSending;
import io.amphio.net.SocketFamilies;
import io.amphio.net.Stream;
import io.amphio.spi.NetErrors;
import io.amphio.spi.PeerReset;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/** A connection over a non-blocking channel: each operation is tried in place, and waits only if that moved nothing. */
final class TcpStream implements Stream {
    private final SocketChannel channel;
    private final Handle handle;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final Direction reading;
    private final Direction writing;
    private final PeerReset reset = new PeerReset();
    private volatile boolean inputShut; // set before the channel is shut down
    private volatile boolean outputShut; // set before the channel is shut down

    /**
     * Makes a stream of a connected channel.
     *
     * @param handle of {@code channel}, which is in non-blocking mode
     */
    TcpStream(SocketChannel channel, Handle handle) throws IOException {
        this.channel = channel;
        this.handle = handle;
        this.localAddress = Objects.requireNonNull(channel.getLocalAddress());
        this.remoteAddress = Objects.requireNonNull(channel.getRemoteAddress());
        this.reading = new Direction(handle, SelectionKey.OP_READ, "read", remoteAddress);
        this.writing = new Direction(handle, SelectionKey.OP_WRITE, "write", remoteAddress);
    }

    // ---------------------------------------------------------------- reading and writing

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        requireWritable(target);
        return (int) reading.run(io, target, () -> orReset(Transfer.read(channel, target)));
    }

    @Override
    public long read(Io io, ByteBuffer... targets) throws IOException {
        for (ByteBuffer target : targets) {
            requireWritable(target);
        }
        return reading.run(io, targets, () -> orReset(Transfer.read(channel, targets)));
    }

    private static void requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("read into a read-only buffer: " + target);
        }
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        return (int) writing.run(io, source, () -> {
            requireOutput();
            return reset.watch(() -> Transfer.write(channel, source));
        });
    }

    @Override
    public long write(Io io, ByteBuffer... sources) throws IOException {
        return writing.run(io, sources, () -> {
            requireOutput();
            return reset.watch(() -> Transfer.write(channel, sources));
        });
    }

    @Override
    public long sendFile(Io io, File file, long position, long limit) throws IOException {
        if (!(file instanceof ThreadFile own)) {
            return Stream.super.sendFile(io, file, position, limit);
        }
        return FileSending.run(file, position, limit, (from, most, sent) -> {
            long count = writing.run(io, () -> {
                requireOutput();
                if (!isOpen()) {
                    throw NetErrors.closed("write", remoteAddress);
                }
                return StartedWait.run(io, "send " + file.path(), Timeout.NONE, (Startable<Long>)
                        done -> own.send(channel, from, most, done));
            });
            sent.add(Math.max(count, 0));
            return count >= 0;
        });
    }

    private long orReset(long count) throws SocketException {
        if (count < 0 && !inputShut && reset.isBehindTheEnd()) {
            throw NetErrors.reset("read", remoteAddress);
        }
        return count;
    }

    /** To the JDK, a channel whose output was shut down is as good as closed; the other direction says that it is not. */
    private void requireOutput() throws SocketException {
        if (outputShut && isOpen()) {
            throw new SocketException(
                    "write " + NetErrors.text(remoteAddress) + ": the output was shut down at this end (EPIPE)");
        }
    }

    @Override
    public void setReadTimeout(Timeout timeout) {
        reading.setTimeout(timeout);
    }

    @Override
    public void setWriteTimeout(Timeout timeout) {
        writing.setTimeout(timeout);
    }

    // ---------------------------------------------------------------- half-close, options, addresses

    @Override
    public void shutdownOutput() throws IOException {
        outputShut = true;
        try {
            channel.shutdownOutput();
        } catch (IOException failed) {
            throw NetErrors.of("shutdown output", remoteAddress, failed);
        }
        handle.retry(SelectionKey.OP_WRITE);
    }

    @Override
    public void shutdownInput() throws IOException {
        inputShut = true;
        try {
            channel.shutdownInput();
        } catch (IOException failed) {
            throw NetErrors.of("shutdown input", remoteAddress, failed);
        }
        handle.retry(SelectionKey.OP_READ); // where a shutdown does not show as readiness, the reader would wait on
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        ChannelOptions.set(channel, remoteAddress, option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return ChannelOptions.get(channel, remoteAddress, option);
    }

    @Override
    public InetSocketAddress localAddress() {
        return SocketFamilies.requireInet("localAddress", localAddress);
    }

    @Override
    public SocketAddress localSocketAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return SocketFamilies.requireInet("remoteAddress", remoteAddress);
    }

    @Override
    public SocketAddress remoteSocketAddress() {
        return remoteAddress;
    }

    @Override
    public boolean isOpen() {
        return handle.isOpen();
    }

    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return "stream " + NetErrors.text(localAddress) + " to " + NetErrors.text(remoteAddress)
                + (isOpen() ? "" : ", closed");
    }
}
