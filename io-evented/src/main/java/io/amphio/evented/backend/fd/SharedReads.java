package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.PipeEnds;
import io.amphio.evented.ffi.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads and writes of descriptors that are shared, and may wait. A read can be canceled while nothing has come: it waits in
 * {@code poll} for the descriptor or for a pipe of its own.
 *
 * <pre>
 *   ticket of the operation  event            next      and then
 *   -----------------------  ---------------  --------  ------------------------------------------
 *   none                     cancel           CANCELED  the read ends before it begins
 *   none                     the read begins  a pipe    it waits
 *   a pipe                   cancel           a pipe    a byte is sent: the read ends, canceled
 *   a pipe                   it has read      none      by its outcome
 *   none, with an outcome    cancel           CANCELED  without effect: the next begins without one
 * </pre>
 *
 * <p>The ticket is guarded by the monitor of the operation. Between the wait and the read another thread of ours might
 * take what has come, and then the read would wait where nothing can wake it; so these two are one step under a lock.
 */
final class SharedReads {
    private static final Object CANCELED = new Object();
    private static final ReentrantLock TAKING = new ReentrantLock();
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int POLLFD_BYTES = 8;
    private static final ByteBuffer ONE_BYTE = ByteBuffer.allocateDirect(1);

    private SharedReads() {}

    static void transfer(Operation operation, SharedFd shared) throws Failure {
        switch (operation.kind()) {
            case READ -> read(operation, shared.number());
            case WRITE -> operation.done(write(operation.buffers(), shared.number()));
            default ->
                throw new Failure(
                        "operation not supported on a descriptor that is not a file of ours", "EOPNOTSUPP", null);
        }
    }

    static void cancel(Operation operation) {
        synchronized (operation) {
            if (operation.ticket() instanceof FdPipeEnd wake) {
                try {
                    wake.trySend(new ByteBuffer[] {ONE_BYTE.duplicate()});
                } catch (Failure e) {
                    throw new AssertionError("a pipe of ours refuses a byte", e);
                }
            } else {
                operation.setTicket(CANCELED);
            }
        }
    }

    private static void read(Operation operation, int fd) throws Failure {
        PipeEnds wake;
        synchronized (operation) {
            if (operation.ticket() == CANCELED) {
                operation.canceled();
                return;
            }
            wake = FdPipeEnd.open();
            operation.setTicket(wake.sink());
        }
        try {
            long result = readWaiting(operation.buffers(), fd, ((FdPipeEnd) wake.source()).number());
            synchronized (operation) {
                if (result == Descriptor.WOULD_BLOCK) {
                    operation.canceled();
                } else {
                    operation.done(result);
                }
            }
        } catch (Failure e) {
            synchronized (operation) {
                operation.failed(e);
            }
        } catch (RuntimeException e) { // and a cancel no longer finds the pipe
            synchronized (operation) {
                operation.failed(FdErrors.unusable(e));
            }
        } finally {
            wake.source().close();
            wake.sink().close();
        }
    }

    /** Returns {@link Descriptor#WOULD_BLOCK} if it was canceled. */
    private static long readWaiting(ByteBuffer[] buffers, int fd, int wake) throws Failure {
        MemorySegment fds = Arena.ofAuto().allocate(2 * POLLFD_BYTES, POLLFD_BYTES);
        while (true) {
            set(fds, 0, fd, POLLIN);
            set(fds, 1, wake, POLLIN);
            check(LibC.poll(fds.address(), 2, -1));
            if (revents(fds, 1) != 0) {
                return Descriptor.WOULD_BLOCK;
            }
            if (revents(fds, 0) != 0) {
                long count = take(buffers, fd, fds);
                if (count != Descriptor.WOULD_BLOCK) {
                    return count;
                }
            }
        }
    }

    private static long take(ByteBuffer[] buffers, int fd, MemorySegment fds) throws Failure {
        TAKING.lock();
        try {
            set(fds, 0, fd, POLLIN);
            return LibC.poll(fds.address(), 1, 0) == 0
                    ? Descriptor.WOULD_BLOCK
                    : Transfers.received(Transfers.FILE.receive(fd, buffers));
        } finally {
            TAKING.unlock();
        }
    }

    /** Where somebody has made it non-blocking, it is waited for all the same. */
    private static long write(ByteBuffer[] buffers, int fd) throws Failure {
        while (true) {
            long count = Transfers.sent(Transfers.FILE.send(fd, buffers));
            if (count != Descriptor.WOULD_BLOCK) {
                return count;
            }
            MemorySegment fds = Arena.ofAuto().allocate(POLLFD_BYTES, POLLFD_BYTES);
            set(fds, 0, fd, POLLOUT);
            check(LibC.poll(fds.address(), 1, -1));
        }
    }

    private static void check(int result) throws Failure {
        if (result < 0 && result != -LibC.EINTR) {
            throw FdErrors.failure(result);
        }
    }

    private static void set(MemorySegment fds, int index, int fd, short events) {
        fds.set(JAVA_INT, (long) index * POLLFD_BYTES, fd);
        fds.set(JAVA_SHORT, (long) index * POLLFD_BYTES + 4, events);
        fds.set(JAVA_SHORT, (long) index * POLLFD_BYTES + 6, (short) 0);
    }

    private static short revents(MemorySegment fds, int index) {
        return fds.get(JAVA_SHORT, (long) index * POLLFD_BYTES + 6);
    }
}
