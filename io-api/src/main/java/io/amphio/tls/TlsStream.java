package io.amphio.tls;

import io.amphio.CancelProtection;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Waits;
import io.amphio.stream.Transferred;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is encrypted, and whose peer is who it says it is. {@link Tls} makes one of another stream.
 *
 * <p>What differs from a plain {@link Stream}:
 *
 * <ul>
 *   <li><b>A write is more than one step.</b> What it took is encrypted at once, and can be neither taken back nor made anew. If it is
 *       then canceled or times out before all of that is sent, the positions of the buffers say what was taken, as
 *       {@link Transferred#bytes} does, and what is not sent goes first with the next write or {@link #flush}.
 *   <li><b>The end is said, and checked.</b> {@link #shutdownOutput} and {@link #close} tell the peer that this was all. A connection
 *       that ends without that is a {@link TruncatedStreamException}.
 *   <li><b>Half of it may be closed,</b> by {@link #shutdownOutput}, and the peer may still send. With TLS 1.2 most peers end
 *       the other half too: their answer to the end is the end.
 *   <li><b>A close may wait</b> until the peer has taken what was written, as long as {@link TlsOptions#closeTimeout} says. If a
 *       canceled write has left something unsent that does not go out at once, it does not: the peer then sees a truncated stream.
 *   <li><b>A failure of TLS is the end.</b> Whatever is read or written after it fails too. So does negotiating TLS 1.2 anew.
 * </ul>
 *
 * <p>The stream under it belongs to this one, its timeouts included.
 *
 * <p><b>Threads:</b> as with any stream: one task may read while another writes.<br>
 * <b>Memory:</b> two buffers of 33 KB, and one of 16 KB if it is read in pieces smaller than what the peer sends at once.
 */
public final class TlsStream implements Stream {
    private static final int MOST_DISCARDED = 4; // reads of leftovers in a close

    private final Io io; // whose close waits: of the task that made this
    private final Stream transport;
    private final String peer;
    private final TlsOptions options;
    private final SSLEngine engine;
    private final Inbound inbound; // owned by who holds reading
    private final Outbound outbound; // owned by who holds its lane
    private final AtomicBoolean reading = new AtomicBoolean(); // held by the task that reads
    private final AtomicBoolean writing = new AtomicBoolean(); // held by the task that writes
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Timeout readTimeout = Timeout.NONE;
    private volatile Timeout writeTimeout = Timeout.NONE;
    private volatile boolean inputShut; // at this end; set before the transport's is
    private volatile boolean outputShut; // set under the lane of outbound
    private volatile @Nullable SSLException broken; // set once, by a reader or a writer
    private boolean ended; // owned by who holds reading: the peer has said so, or this end did

    private final ByteBuffer[] target = {EMPTY}; // owned by who holds reading: so that a read makes no array
    private final ByteBuffer[] source = {EMPTY}; // owned by who holds writing
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    TlsStream(
            Io io,
            Stream transport,
            String peer,
            TlsOptions options,
            SSLEngine engine,
            Inbound inbound,
            Outbound outbound) {
        this.io = io;
        this.transport = transport;
        this.peer = peer;
        this.options = options;
        this.engine = engine;
        this.inbound = inbound;
        this.outbound = outbound;
    }

    // ---------------------------------------------------------------- what was agreed on

    /** Returns the session: version, cipher suite, certificates, the peer's name and port. Connections that resume it share it. */
    public SSLSession session() {
        return engine.getSession();
    }

    /** Returns what is spoken inside (ALPN), or null if that was not negotiated. */
    public @Nullable String applicationProtocol() {
        String name = engine.getApplicationProtocol();
        return name == null || name.isEmpty() ? null : name;
    }

    /** Returns the name that the client has asked for (SNI), or null if it has not; at both ends. */
    public @Nullable String requestedHost() {
        if (session() instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    // ---------------------------------------------------------------- reading

    @Override
    public int read(Io io, ByteBuffer into) throws IOException {
        begin(io, reading, "read");
        try {
            target[0] = into;
            return (int) readSome(io, target);
        } finally {
            target[0] = EMPTY;
            reading.set(false);
        }
    }

    @Override
    public long read(Io io, ByteBuffer... targets) throws IOException {
        begin(io, reading, "read");
        try {
            return readSome(io, targets);
        } finally {
            reading.set(false);
        }
    }

    private long readSome(Io io, ByteBuffer[] targets) throws IOException {
        for (ByteBuffer each : targets) {
            if (each.isReadOnly()) {
                throw new IllegalArgumentException("read into a read-only buffer: " + each);
            }
        }
        requireOpen("read");
        if (Outbound.remaining(targets) == 0) {
            return 0;
        }
        Timeout limit = Waits.limit(io, readTimeout);
        while (true) {
            if (inbound.hasPlain()) {
                return inbound.handOut(targets);
            }
            if (ended) {
                return -1;
            }
            long count = decrypt(io, targets, limit);
            if (count > 0 && !inbound.hasPlain()) {
                return count;
            }
        }
    }

    /** Decrypts a record, or receives more of it; returns how many bytes it had. */
    private long decrypt(Io io, ByteBuffer[] targets, Timeout limit) throws IOException {
        requireSound("read");
        try {
            SSLEngineResult result = inbound.decrypt(targets);
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> receive(io, limit);
                case CLOSED -> {
                    if (result.bytesConsumed() == 0) { // no word of the peer's: it was closed by a failure elsewhere
                        throw new SSLException("TLS has failed in a write");
                    }
                    ended = true;
                }
                default -> {
                    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                        throw TlsErrors.renegotiation();
                    }
                }
            }
            if (result.bytesProduced() == 0 && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                outbound.answer(io, limit);
            }
            return result.bytesProduced();
        } catch (TruncatedStreamException truncated) {
            throw truncated;
        } catch (SSLException failed) {
            throw breakOff(io, "read", failed);
        }
    }

    private void receive(Io io, Timeout limit) throws IOException {
        if (inbound.receive(io, limit)) {
            return;
        }
        if (!inputShut) {
            throw new TruncatedStreamException("read " + peer
                    + ": truncated: the connection ended, and the peer had not said that this was all (close_notify)");
        }
        ended = true;
    }

    // ---------------------------------------------------------------- writing

    @Override
    public int write(Io io, ByteBuffer from) throws IOException {
        begin(io, writing, "write");
        try {
            source[0] = from;
            return (int) writeSome(io, source);
        } finally {
            source[0] = EMPTY;
            writing.set(false);
        }
    }

    @Override
    public long write(Io io, ByteBuffer... sources) throws IOException {
        begin(io, writing, "write");
        try {
            return writeSome(io, sources);
        } finally {
            writing.set(false);
        }
    }

    @Override
    public void writeAll(Io io, ByteBuffer... sources) throws IOException {
        long wanted = Outbound.remaining(sources);
        try {
            while (Outbound.remaining(sources) > 0) {
                write(io, sources);
            }
        } catch (IOException | RuntimeException failure) {
            Transferred.noteOn(failure, "writeAll", wanted - Outbound.remaining(sources), wanted);
            throw failure;
        }
    }

    private long writeSome(Io io, ByteBuffer[] sources) throws IOException {
        Timeout limit = Waits.limit(io, writeTimeout);
        outbound.lane().lock(io, limit);
        try {
            requireOpen("write");
            outbound.send(io, limit); // what an earlier call has left: if this throws, nothing is taken
            long wanted = Outbound.remaining(sources);
            long taken = 0;
            try {
                while (taken == 0 && wanted > 0) {
                    taken = encrypt(io, sources);
                    outbound.send(io, limit);
                }
            } catch (IOException | RuntimeException failure) {
                if (taken > 0) {
                    Transferred.noteOn(failure, "write", taken, wanted);
                }
                throw failure;
            }
            return taken;
        } finally {
            outbound.lane().unlock();
        }
    }

    /** Makes records, behind nothing that is unsent: zero only if it has made some for the engine's own sake. */
    private long encrypt(Io io, ByteBuffer[] sources) throws IOException {
        requireSound("write");
        try {
            long taken = outputShut ? Outbound.CLOSED : outbound.encrypt(sources);
            if (taken == Outbound.CLOSED) {
                throw new SocketException("write " + peer + ": "
                        + (outputShut ? "the output was shut down at this end" : "the peer has ended the session")
                        + " (EPIPE)");
            }
            if (taken == 0 && !outbound.isPending()) {
                throw TlsErrors.renegotiation();
            }
            return taken;
        } catch (SSLException failed) {
            throw breakOff(io, "write", failed);
        }
    }

    /**
     * Sends what a write that was canceled or timed out has left unsent. Cancellation point; what is not sent when this throws
     * stays for the next one.
     */
    @Override
    public void flush(Io io) throws IOException {
        begin(io, writing, "flush");
        try {
            Timeout limit = Waits.limit(io, writeTimeout);
            outbound.lane().lock(io, limit);
            try {
                requireOpen("flush");
                outbound.send(io, limit);
            } finally {
                outbound.lane().unlock();
            }
        } finally {
            writing.set(false);
        }
    }

    // ---------------------------------------------------------------- the ends

    /**
     * Says that nothing more will be written, as {@link #shutdownOutput(Io)} does by the {@code Io} that this stream was made with:
     * so, other than that of a plain stream, it may wait, and is a cancellation point.
     */
    @Override
    public void shutdownOutput() throws IOException {
        shutdownOutput(io);
    }

    /**
     * Sends what is unsent, and then that nothing more will come: the peer reads the end. Idempotent. Cancellation point; what is not
     * sent when this throws is sent by the next call, or by a {@link #flush}.
     */
    public void shutdownOutput(Io io) throws IOException {
        Timeout limit = Waits.limit(io, writeTimeout);
        outbound.lane().lock(io, limit);
        try {
            requireOpen("shutdown");
            requireSound("shutdown");
            endOutput(io, limit);
        } catch (SSLException failed) {
            throw breakOff(io, "shutdown", failed);
        } finally {
            outbound.lane().unlock();
        }
    }

    private void endOutput(Io io, Timeout limit) throws IOException {
        outbound.send(io, limit);
        outputShut = true;
        engine.closeOutbound();
        outbound.encrypt();
        outbound.send(io, limit);
    }

    @Override
    public void shutdownInput() throws IOException {
        inputShut = true;
        transport.shutdownInput();
    }

    /**
     * Says that this was all, and closes the connection. Reads and writes that wait end with a
     * {@link java.nio.channels.ClosedChannelException}; beside a write that waits, nothing is said. Idempotent; not a
     * cancellation point, but it may wait, as the class says.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (outbound.lane().tryLock()) {
                try {
                    sayGoodbye();
                } finally {
                    outbound.lane().unlock();
                }
            }
        } finally {
            transport.close();
        }
    }

    private void sayGoodbye() {
        if (!transport.isOpen()) {
            return;
        }
        CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
        try {
            if (broken == null && (!outputShut || outbound.isPending())) {
                outbound.send(io, Outbound.NO_WAIT);
                endOutput(io, Timeout.after(options.closeTimeout()));
            }
        } catch (IOException | RuntimeException failed) {
            // The peer is gone, or takes nothing: it learns of the end by that of the connection.
        } finally {
            discardLeftovers();
            io.swapCancelProtection(before);
        }
    }

    private void discardLeftovers() {
        if (!ended && reading.compareAndSet(false, true)) {
            try {
                inbound.discard(io, MOST_DISCARDED);
            } catch (IOException | RuntimeException nothingThere) {
                // or nothing that could be read
            } finally {
                reading.set(false);
            }
        }
    }

    // ---------------------------------------------------------------- each operation

    private void begin(Io io, AtomicBoolean direction, String verb) {
        Objects.requireNonNull(io, "io is null");
        io.checkCancel();
        if (!direction.compareAndSet(false, true)) {
            throw new IllegalStateException(verb + " " + peer + ": another " + verb + " of this stream is going on");
        }
    }

    private void requireOpen(String operation) throws IOException {
        if (!isOpen()) {
            throw NetErrors.closed(operation, remoteAddress());
        }
    }

    private void requireSound(String operation) throws SSLException {
        SSLException failed = broken;
        if (failed != null) {
            throw new SSLException(operation + " " + peer + ": TLS has failed before", failed);
        }
    }

    /** Notes that nothing more can be read or written, and tells the peer why if that can be done at once. */
    private SSLException breakOff(Io io, String operation, SSLException failed) {
        SSLException told = TlsErrors.broken(operation, peer, failed);
        if (broken == null) {
            broken = told;
        }
        if (outbound.lane().tryLock()) {
            CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
            try {
                engine.closeOutbound();
                outbound.encrypt();
                outbound.send(io, Outbound.NO_WAIT);
            } catch (IOException | RuntimeException late) {
                // The peer learns it by the end of the connection.
            } finally {
                io.swapCancelProtection(before);
                outbound.lane().unlock();
            }
        }
        return told;
    }

    // ---------------------------------------------------------------- the stream under it

    @Override
    public void setReadTimeout(Timeout timeout) {
        readTimeout = Objects.requireNonNull(timeout, "the timeout is null");
    }

    @Override
    public void setWriteTimeout(Timeout timeout) {
        writeTimeout = Objects.requireNonNull(timeout, "the timeout is null");
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        transport.setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return transport.getOption(option);
    }

    @Override
    public InetSocketAddress localAddress() {
        return transport.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && transport.isOpen();
    }

    @Override
    public String toString() {
        return "TLS over " + transport;
    }
}
