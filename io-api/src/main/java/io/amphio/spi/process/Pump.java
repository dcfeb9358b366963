package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.ClosedHere;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A blocking transfer of the JDK's, done by a thread only while somebody needs it, into or out of a buffer between the two.
 *
 * <pre>
 *   state     event              next      and then
 *   -------   ----------------   -------   ------------------------------------------------------------------
 *   IDLE      start              RUNNING   a thread does the transfer; the buffer is the thread's
 *   RUNNING   the transfer ends  IDLE      the buffer is the task's again; who waits is woken
 *   IDLE      close              CLOSED    the stream is closed
 *   RUNNING   close              CLOSING   who waits is woken
 *   CLOSING   the transfer ends  CLOSED    the thread closes the stream: never under its own feet
 * </pre>
 *
 * <p>No wake-up is lost: all transitions and the look of a wait that begins are under one lock.
 */
final class Pump {
    private enum State {
        IDLE,
        RUNNING,
        CLOSING,
        CLOSED
    }

    /** What a thread does: it may wait. */
    @FunctionalInterface
    interface Transfer {
        /** Does it. */
        void run() throws IOException;
    }

    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiting = new WaitQueue(); // @GuardedBy("lock")
    private final String what;
    private final Closeable stream;
    private final Transfer transfer;
    private volatile State state = State.IDLE; // written under lock
    private volatile @Nullable IOException failure; // the transfer's

    Pump(String what, Closeable stream, Transfer transfer) {
        this.what = what;
        this.stream = stream;
        this.transfer = transfer;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /**
     * Throws if it is closed, or what the last transfer has thrown. After that, and if it is idle, the buffer is the caller's.
     */
    void check() throws IOException {
        State now = state;
        if (now == State.CLOSED || now == State.CLOSING) {
            throw new ClosedHere(what);
        }
        IOException thrown = failure;
        if (thrown != null) {
            throw PipeErrors.of(what, thrown.getMessage(), thrown);
        }
    }

    /** Starts a transfer, unless one runs or it is closed. */
    void start() {
        lock.acquire();
        try {
            if (state != State.IDLE) {
                return;
            }
            state = State.RUNNING;
        } finally {
            lock.release();
        }
        boolean started = false;
        try {
            PipeThreads.execute(this::run);
            started = true;
        } finally {
            if (!started) {
                end();
            }
        }
    }

    private void run() {
        try {
            transfer.run();
        } catch (IOException thrown) {
            failure = thrown;
        } finally {
            end();
        }
    }

    private void end() {
        Waiter woken;
        boolean closing;
        lock.acquire();
        try {
            closing = state == State.CLOSING;
            state = closing ? State.CLOSED : State.IDLE;
            woken = waiting.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        if (closing) {
            closeStream();
        }
    }

    /** Waits until no transfer runs, or it is closed. A cancellation point. */
    void awaitIdle(Io io, Timeout limit) {
        Waits.await(io, new Idle(), limit);
    }

    void close() {
        boolean now;
        Waiter woken;
        lock.acquire();
        try {
            now = state == State.IDLE;
            if (state == State.RUNNING) {
                state = State.CLOSING;
            } else if (now) {
                state = State.CLOSED;
            }
            woken = waiting.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        if (now) {
            closeStream();
        }
    }

    private void closeStream() {
        try {
            stream.close();
        } catch (IOException lost) { // what was still to be written, to nobody
            System.getLogger("io.amphio.process").log(System.Logger.Level.DEBUG, "close, " + what, lost);
        }
    }

    private final class Idle extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return state != State.RUNNING ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            waiting.add(this);
        }

        @Override
        public String describe() {
            return what;
        }
    }
}
