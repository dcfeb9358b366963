package io.amphio.spi.files;

import io.amphio.Io;
import io.amphio.fs.FileLock;
import io.amphio.fs.LockMode;
import io.amphio.spi.FsErrors;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A lock that is held.
 *
 * <pre>
 *   state       event           next        and then
 *   ---------   -------------   ---------   ---------------------------------------------------------------
 *   EXCLUSIVE   downgrade       CHANGING    the system is asked
 *   CHANGING    it agrees       SHARED      all permits but one are given back
 *   CHANGING    it refuses      EXCLUSIVE   that is thrown
 *   CHANGING    close           CLOSED      who changes finds it so, and gives back in the closer's place
 *   SHARED,     close           CLOSED      the system's lock is given back, and then the permits: so who waits
 *   EXCLUSIVE                               here does not find the system still locked
 * </pre>
 */
final class HeldLock implements FileLock {
    private static final System.Logger LOG = System.getLogger("io.amphio.fs");

    private enum State {
        SHARED,
        EXCLUSIVE,
        CHANGING,
        CLOSED
    }

    private final CalledFile file;
    private final FileCalls calls;
    private final FileLocks locks;
    private final AtomicReference<State> state;

    HeldLock(CalledFile file, FileCalls calls, FileLocks locks, LockMode mode) {
        this.file = file;
        this.calls = calls;
        this.locks = locks;
        this.state = new AtomicReference<>(mode == LockMode.SHARED ? State.SHARED : State.EXCLUSIVE);
    }

    @Override
    public LockMode mode() {
        return state.get() == State.SHARED ? LockMode.SHARED : LockMode.EXCLUSIVE;
    }

    @Override
    public boolean isHeld() {
        return state.get() != State.CLOSED;
    }

    @Override
    public void downgrade(Io io) throws IOException {
        if (state.get() == State.SHARED) {
            io.checkCancel();
            return;
        }
        if (!state.compareAndSet(State.EXCLUSIVE, State.CHANGING)) {
            throw FsErrors.of("downgrade the lock of", file.path(), "it is " + state.get(), "EBADF", null);
        }
        boolean changed = false;
        try {
            changed = file.call(io, "downgrade the lock of", () -> calls.lock(LockMode.SHARED));
        } finally {
            if (!state.compareAndSet(State.CHANGING, changed ? State.SHARED : State.EXCLUSIVE)) {
                giveBack(FileLocks.permits(LockMode.EXCLUSIVE));
            } else if (changed) {
                locks.permits.release(FileLocks.permits(LockMode.EXCLUSIVE) - FileLocks.permits(LockMode.SHARED));
            }
        }
        if (!changed) {
            throw FsErrors.of("downgrade the lock of", file.path(), "another process is in the way", "EAGAIN", null);
        }
    }

    @Override
    public void close() {
        State before = state.getAndSet(State.CLOSED);
        if (before == State.SHARED || before == State.EXCLUSIVE) {
            giveBack(FileLocks.permits(before == State.SHARED ? LockMode.SHARED : LockMode.EXCLUSIVE));
        }
    }

    private void giveBack(int permits) {
        try {
            file.callUncanceled("unlock", () -> {
                calls.unlock();
                return true;
            });
        } catch (IOException | RuntimeException e) { // closed by others, or the runtime is: the system has it back then
            LOG.log(Level.DEBUG, () -> "unlock " + file.path(), e);
        } finally {
            file.forget(this);
            locks.permits.release(permits);
            locks.leave();
        }
    }

    @Override
    public String toString() {
        return "FileLock[" + file.path() + ", " + state.get() + "]";
    }
}
