package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Operation;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Standard input for reads that can be canceled, which a read of the JDK's cannot.
 *
 * <p>A thread of its own reads, only when somebody waits, into a buffer. A canceled read just goes away; what comes then stays
 * in the buffer for the next, so no byte is lost. Bytes are taken in the order in which reads got the lock.
 *
 * <pre>
 *   state    event                next     and then
 *   -------  -------------------  -------  ------------------------------------------------------------
 *   IDLE     a read finds nothing  WANTED  the thread begins to read
 *   WANTED   bytes, end or error   IDLE    all who wait look again; the end and an error are told to one read
 *   WANTED   a read is canceled    WANTED  it goes
 * </pre>
 */
final class StandardInput {
    private static final int BUFFER_BYTES = 8192;
    private static final Object CANCELED = new Object(); // the ticket of a read that is to go
    private static final StandardInput OF_PROCESS = new StandardInput(new FileInputStream(FileDescriptor.in));

    private final InputStream input; // the thread's
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] bytes = new byte[BUFFER_BYTES]; // the thread's while WANTED; else @GuardedBy("lock")
    private int from; // @GuardedBy("lock")
    private int to; // @GuardedBy("lock")
    private boolean ended; // @GuardedBy("lock")
    private @Nullable IOException failure; // @GuardedBy("lock")
    private boolean wanted; // @GuardedBy("lock")
    private @Nullable Thread thread; // @GuardedBy("lock")

    StandardInput(InputStream input) {
        this.input = input;
    }

    /** The one of this process. */
    static StandardInput ofProcess() {
        return OF_PROCESS;
    }

    /** Performs a read: waits until there is something, or it is canceled. */
    void read(Operation operation) {
        lock.lock();
        try {
            while (operation.ticket() != CANCELED && !isTold()) {
                want();
                changed.awaitUninterruptibly();
            }
            if (operation.ticket() == CANCELED) {
                operation.canceled();
            } else {
                tell(operation);
            }
        } finally {
            lock.unlock();
        }
    }

    void cancel(Operation operation) {
        lock.lock();
        try {
            operation.setTicket(CANCELED); // without effect if the read has ended: the next begins without a ticket
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isTold() {
        return from < to || ended || failure != null;
    }

    private void tell(Operation operation) {
        if (from < to) {
            operation.done(take(operation.buffers()));
        } else if (failure != null) {
            operation.failed(NioErrors.failure(failure));
            failure = null;
        } else {
            ended = false; // a terminal's end is one line long; a file's comes again when asked
            operation.done(Descriptor.END_OF_STREAM);
        }
    }

    private int take(ByteBuffer[] buffers) {
        int start = from;
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(buffer.remaining(), to - from);
            buffer.put(bytes, from, count);
            from += count;
        }
        return from - start;
    }

    private void want() {
        if (!wanted) {
            wanted = true;
            if (thread == null) {
                thread = Thread.ofPlatform().name("amphio-stdin").daemon().start(this::readWanted);
            }
            changed.signalAll();
        }
    }

    private void readWanted() {
        while (true) {
            awaitWanted();
            int count = 0;
            IOException thrown = null;
            try {
                count = input.read(bytes, 0, bytes.length);
            } catch (IOException e) {
                thrown = e;
            }
            lock.lock();
            try {
                wanted = false;
                from = 0;
                to = Math.max(count, 0);
                ended = count < 0;
                failure = thrown;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void awaitWanted() {
        lock.lock();
        try {
            while (!wanted) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
