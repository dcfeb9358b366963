package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.evented.fs.OfLoop;
import io.amphio.evented.loop.CopyFile;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopSocket;
import io.amphio.evented.loop.Poll;
import io.amphio.fs.File;
import io.amphio.net.FileSending;
import io.amphio.net.SocketFamilies;
import io.amphio.net.Stream;
import io.amphio.spi.BufferLeases;
import io.amphio.spi.NetErrors;
import io.amphio.spi.PeerReset;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection on the event loops.
 *
 * <p>Every call first tries; one that would have waited polls for readiness on a loop and tries again. So no buffer is ever in
 * the hands of a loop, and a cancel can neither lose bytes nor leave a buffer in use.
 */
final class EventedStream implements Stream {
    private final Supplier<EventLoop> loops;
    private final OpenHandles handles;
    private final LoopSocket socket;
    private final SocketAddress local;
    private final SocketAddress remote;
    private final Direction input = new Direction("read", Poll.Readiness.READABLE, BufferLeases.Use.FILL);
    private final Direction output = new Direction("write", Poll.Readiness.WRITABLE, BufferLeases.Use.DRAIN);
    private final PeerReset reset = new PeerReset();

    EventedStream(Supplier<EventLoop> loops, OpenHandles handles, LoopSocket socket) throws IOException {
        this.loops = loops;
        this.handles = handles;
        this.socket = socket;
        this.local = orNameless(socket.localAddress());
        this.remote = orNameless(socket.remoteAddress());
    }

    private static SocketAddress orNameless(@Nullable SocketAddress address) {
        return address != null ? address : UnixDomainSocketAddress.of("");
    }

    @Override
    public int read(Io io, ByteBuffer target) throws IOException {
        return (int) read(io, new ByteBuffer[] {target});
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        return (int) write(io, new ByteBuffer[] {source});
    }

    @Override
    public long read(Io io, ByteBuffer... targets) throws IOException {
        for (ByteBuffer target : targets) {
            if (target.isReadOnly()) {
                throw new IllegalArgumentException("read into a read-only buffer: " + target);
            }
        }
        return transfer(io, input, targets);
    }

    @Override
    public long write(Io io, ByteBuffer... sources) throws IOException {
        return transfer(io, output, sources);
    }

    private long transfer(Io io, Direction direction, ByteBuffer[] buffers) throws IOException {
        Objects.requireNonNull(io, "io is null");
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        direction.enter();
        try {
            BufferLeases.check(direction.verb, direction.use, buffers);
            boolean tries = !isInVain(direction, buffers);
            long count = tries ? attempt(direction, buffers) : LoopSocket.WOULD_BLOCK;
            return count != LoopSocket.WOULD_BLOCK ? count : transferWaiting(io, direction, buffers, tries);
        } finally {
            direction.leave();
        }
    }

    @Override
    public long sendFile(Io io, File file, long position, long limit) throws IOException {
        if (!(file instanceof OfLoop own) || !own.loopFile().worksOn(loops.get())) {
            return Stream.super.sendFile(io, file, position, limit);
        }
        return FileSending.run(file, position, limit, (from, most, sent) -> sendPart(io, own, from, most, sent));
    }

    private boolean sendPart(Io io, OfLoop file, long from, long most, FileSending.Sent sent) throws IOException {
        Objects.requireNonNull(io, "io is null");
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        output.enter();
        try {
            if (output.shut && isOpen()) {
                throw outputWasShut();
            }
            LoopWait wait = new LoopWait("write " + NetErrors.text(remote));
            CopyFile copy = new CopyFile(file.loopFile(), from, most, socket, ended -> wait.end());
            try {
                wait.await(io, loops.get(), copy, output.timeout);
            } finally {
                if (copy.failure() == null) { // also where a cancel came, and it was done already
                    sent.add(Math.max(0, copy.bytes()));
                }
            }
            return copy.bytes() >= 0;
        } catch (IOException thrown) {
            throw LoopErrors.of("write", remote, socket, thrown);
        } finally {
            output.leave();
        }
    }

    /** After one try at least, also where there is no time to wait at all. */
    private long transferWaiting(Io io, Direction direction, ByteBuffer[] buffers, boolean hasTried)
            throws IOException {
        Timeout limit = Waits.limit(io, direction.timeout);
        BufferLeases.Lease lease = BufferLeases.take(direction.verb, direction.use, buffers);
        try {
            while (true) {
                try {
                    awaitReady(io, direction, limit);
                } catch (TimedOutException late) {
                    long count = hasTried ? LoopSocket.WOULD_BLOCK : attempt(direction, buffers);
                    if (count == LoopSocket.WOULD_BLOCK) {
                        throw late;
                    }
                    return count;
                }
                long count = attempt(direction, buffers);
                if (count != LoopSocket.WOULD_BLOCK) {
                    return count;
                }
                hasTried = true;
            }
        } finally {
            lease.release();
        }
    }

    /** Waits until a try is worth it; also when the handle was closed, as the try then says so. */
    private void awaitReady(Io io, Direction direction, Timeout limit) {
        LoopWait.untilReady(io, loops.get(), socket, direction.readiness, direction, limit);
    }

    /** Whether a try would find nothing: mostly so after a read that got less than it asked for. It saves a system call. */
    private boolean isInVain(Direction direction, ByteBuffer[] buffers) {
        return buffers.length == 1 && buffers[0].hasRemaining() && !direction.shut && socket.isDry(direction == input);
    }

    private long attempt(Direction direction, ByteBuffer[] buffers) throws IOException {
        if (direction.shut && isOpen()) {
            if (direction == input) {
                return LoopSocket.END_OF_STREAM;
            }
            throw outputWasShut();
        }
        try {
            return direction == input ? receive(buffers) : reset.watch(() -> socket.trySend(buffers));
        } catch (IOException thrown) {
            if (direction == output && direction.shut && isOpen()) {
                throw outputWasShut(); // since we looked
            }
            throw LoopErrors.of(direction.verb, remote, socket, thrown);
        }
    }

    private long receive(ByteBuffer[] targets) throws IOException {
        long count = socket.tryReceive(targets);
        if (count == LoopSocket.END_OF_STREAM && !input.shut && reset.isBehindTheEnd()) {
            throw NetErrors.reset("read", remote);
        }
        return count;
    }

    private SocketException outputWasShut() {
        return new SocketException(
                "write " + NetErrors.text(remote) + ": the output was shut down at this end (EPIPE)");
    }

    /** One of the two directions: who is inside, and how long it may wait there. */
    private final class Direction {
        private final String verb;
        private final Poll.Readiness readiness;
        private final BufferLeases.Use use;
        private final AtomicBoolean busy = new AtomicBoolean(); // held by the task that reads, or writes
        private volatile Timeout timeout = Timeout.NONE;
        private volatile boolean shut; // at this end

        Direction(String verb, Poll.Readiness readiness, BufferLeases.Use use) {
            this.verb = verb;
            this.readiness = readiness;
            this.use = use;
        }

        void enter() {
            if (!busy.compareAndSet(false, true)) {
                throw new IllegalStateException(this + ": another " + verb + " of this stream is going on");
            }
        }

        void leave() {
            busy.set(false);
        }

        /** What a task does that waits here; made when somebody asks, as there is a wait for most messages. */
        @Override
        public String toString() {
            return verb + " " + NetErrors.text(remote);
        }
    }

    @Override
    public void setReadTimeout(Timeout timeout) {
        input.timeout = Objects.requireNonNull(timeout, "the timeout is null");
    }

    @Override
    public void setWriteTimeout(Timeout timeout) {
        output.timeout = Objects.requireNonNull(timeout, "the timeout is null");
    }

    @Override
    public void shutdownOutput() throws IOException {
        try {
            output.shut = true; // first: a write that this wakes looks at it
            socket.shutdownOutput();
        } catch (IOException thrown) {
            throw LoopErrors.of("shutdown", remote, socket, thrown);
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        try {
            input.shut = true; // first: a read that this wakes looks at it
            socket.shutdownInput();
        } catch (IOException thrown) {
            throw LoopErrors.of("shutdown", remote, socket, thrown);
        }
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        LoopOptions.set(socket, remote, option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return LoopOptions.get(socket, remote, option);
    }

    @Override
    public InetSocketAddress localAddress() {
        return SocketFamilies.requireInet("localAddress", local);
    }

    @Override
    public SocketAddress localSocketAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return SocketFamilies.requireInet("remoteAddress", remote);
    }

    @Override
    public SocketAddress remoteSocketAddress() {
        return remote;
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() {
        handles.close(socket);
    }

    @Override
    public String toString() {
        return "Stream[" + NetErrors.text(local) + " - " + NetErrors.text(remote) + (isOpen() ? "]" : ", closed]");
    }
}
