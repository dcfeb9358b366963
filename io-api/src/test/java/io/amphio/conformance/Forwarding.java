package io.amphio.conformance;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/** A stream over another one, so that a test may change something of it. */
class Forwarding implements Stream {
    final Stream stream;

    Forwarding(Stream stream) {
        this.stream = stream;
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        return stream.read(io, target);
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        return stream.write(io, source);
    }

    @Override
    public void setReadTimeout(Timeout timeout) {
        stream.setReadTimeout(timeout);
    }

    @Override
    public void setWriteTimeout(Timeout timeout) {
        stream.setWriteTimeout(timeout);
    }

    @Override
    public void shutdownOutput() throws IOException {
        stream.shutdownOutput();
    }

    @Override
    public void shutdownInput() throws IOException {
        stream.shutdownInput();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        stream.setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return stream.getOption(option);
    }

    @Override
    public InetSocketAddress localAddress() {
        return stream.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return stream.remoteAddress();
    }

    @Override
    public boolean isOpen() {
        return stream.isOpen();
    }

    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return "forwarding " + stream;
    }
}
