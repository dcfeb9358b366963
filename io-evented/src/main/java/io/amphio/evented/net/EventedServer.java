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
import io.amphio.spi.LoopThread;
import io.amphio.spi.NetErrors;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import io.amphio.sync.Mutex;
import io.amphio.time.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** A listening socket on the event loops. Of several tasks that accept, one polls at a time, the others wait for its turn. */
final class EventedServer implements Server {
    private static final long FIRST_BACK_OFF_MILLIS = 5;
    private static final long LONGEST_BACK_OFF_MILLIS = 500;

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
        Timeout limit = timeout.isNone() ? timeout : Timeout.at(timeout.deadline(io.clock()));
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
        long backOffMillis = FIRST_BACK_OFF_MILLIS;
        while (true) {
            try {
                LoopSocket accepted = listener.tryAccept();
                if (accepted != null) {
                    return accepted;
                }
            } catch (IOException thrown) {
                if (!LoopErrors.isOutOfDescriptors(thrown) || listener.isClosed()) {
                    throw LoopErrors.of("accept", local, listener, thrown);
                }
                // The connection stays in the backlog; polling for it would return at once, again and again.
                backOffMillis = backOff(io, backOffMillis, limit);
                continue;
            }
            LoopWait.untilReady(io, home, listener, Poll.Readiness.READABLE, "accept " + NetErrors.text(local), limit);
        }
    }

    /** Sleeps, until the limit at most, and returns for how long the next time. */
    private long backOff(Io io, long millis, Timeout limit) {
        Deadline last = limit.deadline(io.clock());
        if (last.isPassed(io.clock())) {
            throw Waits.timedOut("accept " + NetErrors.text(local) + " (no file descriptor is left)", 0);
        }
        Deadline next = io.clock().deadlineAfter(Duration.ofMillis(millis));
        Waits.sleep(io, next.compareTo(last) < 0 ? next : last);
        return Math.min(2 * millis, LONGEST_BACK_OFF_MILLIS);
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
