package io.amphio.blocking;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.SocketFamilies;
import io.amphio.net.Stream;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listening socket over a non-blocking channel. */
final class TcpServer implements Server {
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ThreadNet net;
    private final ServerSocketChannel channel;
    private final Handle handle;
    private final SocketAddress localAddress;
    private final Handle.Operation operation;

    TcpServer(ThreadNet net, ServerSocketChannel channel, Handle handle) throws IOException {
        this.net = net;
        this.channel = channel;
        this.handle = handle;
        this.localAddress = Objects.requireNonNull(channel.getLocalAddress());
        this.operation = new Handle.Operation("accept", localAddress);
    }

    @Override
    public Stream accept(Io io, Timeout timeout) throws IOException {
        Objects.requireNonNull(timeout, "accept: the timeout is null");
        Objects.requireNonNull(io, "accept: io is null");
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        Stream accepted = tryAccept();
        return accepted != null ? accepted : awaitConnection(io, task, timeout);
    }

    private Stream awaitConnection(Io io, Task task, Timeout timeout) throws IOException {
        long started = io.clock().nanoTime();
        long deadline = Waits.deadline(io, timeout).nanos();
        long backoff = FIRST_BACKOFF_NANOS;
        while (true) {
            try {
                if (!handle.awaitReady(io, task, SelectionKey.OP_ACCEPT, deadline, operation)) {
                    throw Waits.timedOut(operation, io.clock().nanoTime() - started);
                }
                Stream accepted = acceptOrThrow();
                if (accepted != null) {
                    return accepted;
                }
                backoff = FIRST_BACKOFF_NANOS;
            } catch (IOException failed) {
                if (!NetErrors.isOutOfResources(failed)) {
                    throw NetErrors.of(operation.name(), localAddress, failed);
                }
                // The connection stays in the backlog, so the socket stays ready: without a pause this would spin.
                pause(io, task, backoff, deadline);
                backoff = Math.min(2 * backoff, LONGEST_BACKOFF_NANOS);
            }
        }
    }

    /** Returns a connection, or null if there is none or the system has no room for one; the wait that follows finds out which. */
    private @Nullable Stream tryAccept() throws IOException {
        try {
            return acceptOrThrow();
        } catch (IOException failed) {
            if (NetErrors.isOutOfResources(failed)) {
                return null;
            }
            throw NetErrors.of(operation.name(), localAddress, failed);
        }
    }

    private @Nullable Stream acceptOrThrow() throws IOException {
        while (true) {
            try {
                SocketChannel accepted = channel.accept();
                return accepted == null ? null : net.streamOf(accepted);
            } catch (IOException failed) {
                if (!NetErrors.isOfTheConnection(failed)) {
                    throw failed;
                }
            }
        }
    }

    /** Waits, but no longer than the server is open, the task not canceled and the deadline not passed. */
    private void pause(Io io, Task task, long nanos, long deadlineNanos) throws IOException {
        long until = io.clock().nanoTime() + nanos;
        long end = deadlineNanos == Long.MAX_VALUE || until - deadlineNanos < 0 ? until : deadlineNanos;
        handle.awaitReady(io, task, ReadyWaiter.CLOSE_ONLY, end, operation);
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
    public boolean isOpen() {
        return handle.isOpen();
    }

    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return "server on " + NetErrors.text(localAddress) + (isOpen() ? "" : ", closed");
    }
}
