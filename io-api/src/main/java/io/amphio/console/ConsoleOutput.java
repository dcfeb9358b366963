package io.amphio.console;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.amphio.stream.Writable;
import io.amphio.sync.Mutex;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a stream whose own writes can neither be canceled nor waited for without a thread. They go to a ring, and a thread of its
 * own writes that out.
 *
 * <pre>
 *   filled      event                     next       and then
 *   ---------   -----------------------   --------   ---------------------------------------------------------
 *   less        a write                   more       the thread is unparked
 *   full        a write                   full       it waits for room; canceled, it has written nothing
 *   any         the thread wrote some     less       who waits for room is woken; at 0, who waits in flush
 *   any         the thread failed         0          from now on all writes and flushes fail, also those that wait
 * </pre>
 *
 * <p>Writes take turns ({@code turn}); whoever has it is the only one to fill. So the room that a write was woken for is still
 * there. What is filled counts only under the lock, after its bytes are in place; the thread takes away what it has written under
 * the same lock, so neither sees bytes that the other is working on.
 *
 * <p>No wake-up is lost: the count changes under the lock under which a wait attempts. The thread parks only if the count is 0, and a
 * write that makes it more unparks it afterwards.
 */
final class ConsoleOutput implements Writable {
    private static final int RING_BYTES = 64 << 10;

    private final String name;
    private final OutputStream target; // the thread's
    private final Mutex turn = new Mutex();
    private final SourceLock lock = new SourceLock();
    private final WaitQueue roomWaiters = new WaitQueue(); // @GuardedBy("lock")
    private final WaitQueue flushers = new WaitQueue(); // @GuardedBy("lock")
    private final byte[] ring = new byte[RING_BYTES]; // what is filled is the thread's, the rest of who has the turn
    private int end; // of who has the turn: where the next byte goes
    private int filled; // @GuardedBy("lock")
    private @Nullable IOException failure; // @GuardedBy("lock"), written once
    private @Nullable Thread thread; // of who has the turn

    ConsoleOutput(String name, OutputStream target) {
        this.name = name;
        this.target = target;
    }

    @Override
    public int write(Io io, ByteBuffer source) throws IOException {
        turn.lock(io);
        try {
            if (!source.hasRemaining()) {
                return 0;
            }
            Waits.await(io, new Room(), Timeout.NONE);
            int count = Math.min(source.remaining(), roomOrThrow());
            int first = Math.min(count, RING_BYTES - end);
            source.get(ring, end, first).get(ring, 0, count - first);
            end = (end + count) % RING_BYTES;
            publish(count);
            return count;
        } finally {
            turn.unlock();
        }
    }

    private int roomOrThrow() throws IOException {
        lock.acquire();
        IOException failed = failure;
        int room = RING_BYTES - filled;
        lock.release();
        throwIfFailed(failed);
        return room;
    }

    private void throwIfFailed(@Nullable IOException failed) throws IOException {
        if (failed != null) {
            throw new IOException("write to " + name + ": " + failed.getMessage(), failed);
        }
    }

    private void publish(int count) {
        Thread writing = thread;
        if (writing == null) {
            writing = Thread.ofPlatform()
                    .name("amphio-" + name.replace(' ', '-'))
                    .daemon()
                    .start(this::writeOut);
            thread = writing;
        }
        lock.acquire();
        if (failure == null) {
            filled += count;
        } // else it goes where what came before it went
        lock.release();
        LockSupport.unpark(writing);
    }

    @Override
    public void flush(Io io) throws IOException {
        Waits.await(io, new Written(), Timeout.NONE);
        lock.acquire();
        IOException failed = failure;
        lock.release();
        throwIfFailed(failed);
    }

    /** Waits until all is out, or that deadline of {@link System#nanoTime} has passed. */
    void awaitWritten(long deadlineNanos) {
        Waits.awaitUntil(new Written(), deadlineNanos);
    }

    private void writeOut() {
        int start = 0;
        while (true) {
            int count = filled();
            if (count == 0) {
                LockSupport.park(this);
                continue;
            }
            int some = Math.min(count, RING_BYTES - start);
            IOException thrown = null;
            try {
                target.write(ring, start, some);
                target.flush();
            } catch (IOException e) {
                thrown = e;
            } catch (RuntimeException e) { // of a stream that is not the process's
                thrown = new IOException(e.toString(), e);
            }
            start = (start + some) % RING_BYTES;
            written(some, thrown);
        }
    }

    private int filled() {
        lock.acquire();
        int count = filled;
        lock.release();
        return count;
    }

    private void written(int count, @Nullable IOException thrown) {
        Waiter room;
        Waiter flushed = Waiter.NOBODY;
        lock.acquire();
        try {
            filled = thrown == null ? filled - count : 0;
            failure = thrown == null ? failure : thrown;
            room = roomWaiters.pollAllClaimed();
            if (filled == 0) {
                flushed = flushers.pollAllClaimed();
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(room);
        Waiter.wakeAll(flushed);
    }

    /** There is room for a byte, or none is needed any more. */
    private final class Room extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return filled < RING_BYTES || failure != null ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            roomWaiters.add(this);
        }

        @Override
        public String describe() {
            return "write to " + name + " (nobody reads)";
        }
    }

    /** All is out, or will never be. */
    private final class Written extends Arm {
        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            return filled == 0 || failure != null ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            flushers.add(this);
        }

        @Override
        public String describe() {
            return "flush of " + name;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
