package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.FileStatus;
import io.amphio.evented.ffi.FileAbi;
import io.amphio.evented.ffi.FileLibC;
import io.amphio.evented.ffi.LibC;
import io.amphio.fs.FileKey;
import io.amphio.fs.FileStat;
import io.amphio.fs.LockMode;
import io.amphio.fs.TimeChange;
import io.amphio.spi.ErrnoException;
import io.amphio.spi.files.AttributeChange;
import io.amphio.spi.files.DirCalls;
import io.amphio.spi.files.FileCalls;
import io.amphio.spi.files.JdkStat;
import io.amphio.spi.files.ProcessLocks;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;

/**
 * The calls on an open file by its number, and by the path that Linux has for a number: {@code /proc/self/fd/7} leads the JDK to the
 * very file, whatever it is called now.
 */
final class FdFileCalls implements FileCalls {
    private static final Path NUMBERS = Path.of("/proc/self/fd");

    /** Whether there are such paths. */
    static final boolean HAS_PATHS = Files.isDirectory(NUMBERS.resolve("."));

    private final FdFile file;

    FdFileCalls(FdFile file) {
        this.file = file;
    }

    @FunctionalInterface
    private interface Call<T> {
        T make(int fd) throws IOException;
    }

    /** Makes a call while the number is this file's. */
    private static <T> T with(FdFile file, Call<T> call) throws IOException {
        if (!file.fd.enter()) {
            throw new ErrnoException("the file is closed", "EBADF");
        }
        try {
            return call.make(file.number());
        } finally {
            file.fd.leave();
        }
    }

    private <T> T byPath(String what, Call<T> call) throws IOException {
        if (!HAS_PATHS) {
            throw new UnsupportedOperationException(what + " an open file: not without /proc; use its name");
        }
        return with(file, call);
    }

    static Path path(int fd) {
        return NUMBERS.resolve(Integer.toString(fd));
    }

    static long check(long result) throws ErrnoException {
        if (result < 0) {
            Failure failure = FdErrors.failure(result);
            throw new ErrnoException(failure.text(), failure.errno(), null);
        }
        return result;
    }

    @Override
    public long position() throws IOException {
        return with(file, fd -> check(FileLibC.lseek(fd, 0, 1)));
    }

    @Override
    public void seek(long position) throws IOException {
        with(file, fd -> check(FileLibC.lseek(fd, position, 0)));
    }

    @Override
    public FileStat stat() throws IOException {
        return HAS_PATHS
                ? with(file, fd -> JdkStat.of(path(fd), true))
                : status(file).toStat();
    }

    private static FileStatus status(FdFile file) throws IOException {
        return with(file, fd -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment status = arena.allocate(FdFiles.ABI.stat.size(), Long.BYTES);
                MemorySegment empty = arena.allocate(1);
                check(FileLibC.stat(fd, empty.address(), false, false, status.address()));
                return Stat.read(status, FdFiles.ABI.stat);
            }
        });
    }

    static FileKey keyOf(FdFile file) throws IOException {
        FileStatus status = status(file);
        return new FileKey(status.device(), status.inode());
    }

    @Override
    public void change(AttributeChange change) throws IOException {
        if (change instanceof AttributeChange.Times times) {
            with(file, fd -> {
                try (Arena arena = Arena.ofConfined()) {
                    return check(FileLibC.setTimes(fd, encode(arena, times)));
                }
            });
            return;
        }
        byPath("change", fd -> {
            change.apply(path(fd));
            return true;
        });
    }

    /** The JDK would open the file for that, and close it then: who has it locked by the JDK would lose the lock. */
    static MemorySegment encode(Arena arena, AttributeChange.Times times) {
        MemorySegment both = arena.allocate(FileLibC.TIMES_BYTES, Long.BYTES);
        encode(both, false, times.accessed());
        encode(both, true, times.modified());
        return both;
    }

    @SuppressWarnings("ReferenceEquality") // the two constants are identities
    private static void encode(MemorySegment both, boolean second, TimeChange change) {
        Instant instant = change.instant();
        if (instant != null) {
            FileLibC.time(both, second, instant.getEpochSecond(), instant.getNano());
        } else {
            FileLibC.time(both, second, 0, change == TimeChange.NOW ? FileLibC.NANOS_NOW : FileLibC.NANOS_OMIT);
        }
    }

    @Override
    public Path realPath() throws IOException {
        return byPath("find the path of", fd -> {
            Path path = Files.readSymbolicLink(path(fd));
            if (!Files.exists(path) || !Files.isSameFile(path, path(fd))) {
                throw new ErrnoException("it has no name any more", "ENOENT");
            }
            return path;
        });
    }

    @Override
    public void link(DirCalls<?> to, String newName) throws IOException {
        byPath("link", fd -> {
            FdDir.of("link", to).linkOpen(path(fd), newName);
            return true;
        });
    }

    /** By another channel, which the mapping outlives. */
    @Override
    public MemorySegment map(FileChannel.MapMode mode, long position, long sizeBytes, Arena arena) throws IOException {
        boolean writing = mode == FileChannel.MapMode.READ_WRITE;
        return byPath("map", fd -> {
            long access = check(FileLibC.accessMode(fd));
            if (access == FileAbi.O_WRONLY) {
                throw new ErrnoException("not open for reading", "EBADF");
            }
            if (writing && access != FileAbi.O_RDWR) {
                throw new ErrnoException("not open for writing", "EBADF");
            }
            Set<StandardOpenOption> options = writing
                    ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : Set.of(StandardOpenOption.READ);
            FileChannel channel = FileChannel.open(path(fd), options);
            try {
                return channel.map(mode, position, sizeBytes, arena);
            } finally {
                ProcessLocks.close(keyOf(file), channel::close);
            }
        });
    }

    @Override
    public Object lockKey() throws IOException {
        return keyOf(file);
    }

    @Override
    public boolean lock(LockMode mode) throws IOException {
        return set(mode == LockMode.SHARED ? FileLibC.Lock.SHARED : FileLibC.Lock.EXCLUSIVE);
    }

    @Override
    public void unlock() throws IOException {
        set(FileLibC.Lock.NONE);
    }

    private boolean set(FileLibC.Lock lock) throws IOException {
        return with(file, fd -> {
            try (Arena arena = Arena.ofConfined()) {
                int result = FileLibC.lock(fd, lock, arena.allocate(64, Long.BYTES));
                if (result == -LibC.EAGAIN || result == -LibC.ERRNO.number("EACCES")) {
                    return false;
                }
                check(result);
                return true;
            }
        });
    }
}
