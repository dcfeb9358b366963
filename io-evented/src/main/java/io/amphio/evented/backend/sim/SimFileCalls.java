package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Failure;
import io.amphio.fs.FileStat;
import io.amphio.fs.LockMode;
import io.amphio.fs.TimeChange;
import io.amphio.spi.ErrnoException;
import io.amphio.spi.files.AttributeChange;
import io.amphio.spi.files.DirCalls;
import io.amphio.spi.files.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;

/** The calls on an open file of a simulated kernel. There is no other process, so the table of this one's locks is all there is. */
final class SimFileCalls implements FileCalls {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final SimKernel kernel;
    private final SimFile file;

    SimFileCalls(SimKernel kernel, SimFile file) {
        this.kernel = kernel;
        this.file = file;
    }

    /** Which file it is, of all worlds of this process. */
    private record Key(SimKernel kernel, long inode) {}

    static ErrnoException told(Failure failure) {
        return new ErrnoException(failure.text(), failure.errno(), null);
    }

    private SimNode node() throws IOException {
        try {
            file.requireOpen();
            return file.node;
        } catch (Failure closed) {
            throw told(closed);
        }
    }

    @Override
    public long position() throws IOException {
        node();
        return file.position;
    }

    @Override
    public void seek(long position) throws IOException {
        node();
        file.position = position;
    }

    @Override
    public FileStat stat() throws IOException {
        return node().status().toStat();
    }

    @Override
    public void change(AttributeChange change) throws IOException {
        change(kernel, node(), change);
    }

    static void change(SimKernel kernel, SimNode node, AttributeChange change) {
        switch (change) {
            case AttributeChange.Permissions(int mode) -> node.mode = mode;
            case AttributeChange.Owner(Integer userId, Integer groupId) -> {
                node.userId = userId == null ? node.userId : userId;
                node.groupId = groupId == null ? node.groupId : groupId;
            }
            case AttributeChange.Times(TimeChange accessed, TimeChange modified) -> {
                node.accessedNanos = nanos(accessed, node.accessedNanos, kernel);
                node.modifiedNanos = nanos(modified, node.modifiedNanos, kernel);
            }
        }
        node.changedNanos = kernel.wallNanos();
    }

    @SuppressWarnings("ReferenceEquality") // the constant is an identity
    private static long nanos(TimeChange change, long before, SimKernel kernel) {
        Instant to = change.instant();
        if (to != null) {
            return to.getEpochSecond() * NANOS_PER_SECOND + to.getNano();
        }
        return change == TimeChange.NOW ? kernel.wallNanos() : before;
    }

    @Override
    public Path realPath() throws IOException {
        throw new UnsupportedOperationException(
                "find the path of " + node().type() + " that is open: not in a simulation; use its name");
    }

    @Override
    public void link(DirCalls<?> to, String newName) throws IOException {
        SimDir.of("link", to).linkOpen(node(), newName);
    }

    @Override
    public MemorySegment map(FileChannel.MapMode mode, long position, long sizeBytes, Arena arena) {
        throw new UnsupportedOperationException("map a file into memory: not in a simulation");
    }

    @Override
    public Object lockKey() throws IOException {
        return new Key(kernel, node().inode);
    }

    @Override
    public boolean lock(LockMode mode) throws IOException {
        node();
        if (mode == LockMode.SHARED ? !file.readable : !file.writable) {
            throw new ErrnoException("bad file descriptor: the file is not open for that", "EBADF");
        }
        return true;
    }

    @Override
    public void unlock() {}
}
