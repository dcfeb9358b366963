package io.amphio.evented.net;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.evented.loop.Close;
import io.amphio.evented.loop.EventLoop;
import io.amphio.evented.loop.LoopListener;
import io.amphio.evented.loop.LoopSocket;
import io.amphio.evented.loop.Poll;
import io.amphio.net.Server;
import io.amphio.net.SocketFamilies;
import io.amphio.net.Stream;
import io.amphio.spi.Backoff;
import io.amphio.spi.LoopThread;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Supplier;

/** A listening socket on the event loops. Of several tasks that accept, one polls at a time, the others wait for its turn. */
final class EventedServer implements Server {
    private final Supplier<EventLoop> loops; // of the connections
    private final EventLoop home; // which alone polls the listener, so that it alone has to let go of it
    private final OpenHandles handles;
    private final LoopListener listener;
    private final SocketAddress local;
    private final Mutex turn = new Mutex();

    EventedServer(Supplier<EventLoop> loops, OpenHandles handles, LoopListener listener) throws IOException {
        this.loops = loops;
        this.home = loops.get();
        this.handles = handles;
        this.listener = listener;
        this.local = Objects.requireNonNull(listener.localAddress());
    }

    @Override
    public Stream accept(Io io, Timeout timeout) throws IOException {
        Task task = Task.current();
        task.tick();
        task.checkCancel();
        Timeout limit = Waits.limit(io, timeout);
        turn.lock(io, limit);
        try {
            LoopSocket accepted = acceptAlone(io, limit);
            try {
                handles.add("accept", accepted);
                return new EventedStream(loops, handles, accepted);
            } catch (IOException | RuntimeException gone) {
                handles.close(accepted);
                throw gone;
            }
        } finally {
            turn.unlock();
        }
    }

    private LoopSocket acceptAlone(Io io, Timeout limit) throws IOException {
        String what = "accept " + NetErrors.text(local);
        Backoff backoff = null;
        while (true) {
            try {
                LoopSocket accepted = listener.tryAccept();
                if (accepted != null) {
                    return accepted;
                }
                LoopWait.untilReady(io, home, listener, Poll.Readiness.READABLE, what, limit);
            } catch (IOException thrown) {
                boolean isForRoom = NetErrors.isOutOfResources(thrown);
                if (listener.isClosed() || !(isForRoom || NetErrors.isOfTheConnection(thrown))) {
                    throw LoopErrors.of("accept", local, listener, thrown);
                }
                if (isForRoom) {
                    // The connection stays in the backlog; polling for it would return at once, again and again.
                    if (backoff == null) {
                        backoff = new Backoff(io, limit, what + " (" + NetErrors.errno(thrown) + ")");
                    }
                    backoff.pause();
                }
            }
        }
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
    public boolean isOpen() {
        return !listener.isClosed();
    }

    /** Waits until the kernel has it back, so that the port is free when this returns; a loop's callback cannot wait. */
    @Override
    public void close() {
        boolean first = !listener.isClosed();
        handles.close(listener);
        if (first && !(Task.current() instanceof LoopThread)) {
            try {
                awaitClose();
                // A selector gives a closed channel back when it selects next, and callbacks come after that.
                awaitClose();
            } catch (IllegalStateException theRuntimeIsClosed) {
                // Its loops have let go of everything.
            }
        }
    }

    private void awaitClose() {
        LoopWait wait = new LoopWait("close of server " + NetErrors.text(local));
        wait.awaitUncanceled(home, new Close(listener, ended -> wait.end()));
    }

    @Override
    public String toString() {
        return "Server[" + NetErrors.text(local) + (isOpen() ? "]" : ", closed]");
    }
}
