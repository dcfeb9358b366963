package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.amphio.evented.backend.BlockingCalls;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Limit;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.FileAbi;
import io.amphio.evented.ffi.FileLibC;
import io.amphio.evented.ffi.FileNames;
import io.amphio.evented.ffi.LibC;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file operations as the C library has them, one call each. */
public final class FdFiles implements BlockingCalls {
    static final FileAbi ABI = FileAbi.of(Objects.requireNonNull(Abi.current()));
    private static final int PERMISSIONS = 07777;
    private static final int LONGEST_NAME_BYTES = 8192; // the kernel refuses less
    private static final int MOST_COPIED = 1 << 30;

    FdFiles() {}

    /** What a system's C library cannot do. */
    static Set<Limit> limits(Abi abi) {
        return switch (abi.os()) {
            case LINUX -> Set.of();
            case FREEBSD -> Set.of(Limit.ABSTRACT_ADDRESSES, Limit.OPEN_BENEATH, Limit.RENAME_EXCLUSIVE);
            case MACOS -> Set.of(Limit.ABSTRACT_ADDRESSES, Limit.OPEN_BENEATH, Limit.ALLOCATE);
        };
    }

    @Override
    public void perform(Operation operation) {
        try {
            if (operation.hasNames()) {
                byName(operation);
            } else if (operation.descriptor() instanceof SharedFd shared) {
                SharedReads.transfer(operation, shared);
            } else {
                FdDescriptor file = (FdDescriptor) operation.descriptor();
                int number = file.enter();
                try {
                    onFile(operation, number);
                } finally {
                    file.fd.leave();
                }
            }
        } catch (Failure e) {
            operation.failed(e);
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (operation.kind() == Operation.Kind.READ && operation.descriptor() instanceof SharedFd) {
            SharedReads.cancel(operation);
        }
    }

    // ---- on what is open

    private static void onFile(Operation operation, int fd) throws Failure {
        switch (operation.kind()) {
            case READ -> operation.done(Transfers.received(at(operation).receive(fd, operation.buffers())));
            case WRITE -> operation.done(Transfers.sent(at(operation).send(fd, operation.buffers())));
            case SYNC -> done(operation, FileLibC.fsync(fd));
            case DATA_SYNC -> done(operation, FileLibC.fdatasync(fd));
            case TRUNCATE -> done(operation, FileLibC.ftruncate(fd, operation.length()));
            case ALLOCATE -> done(operation, FileLibC.allocate(fd, operation.offset(), operation.length()));
            case STAT -> stat(operation, fd, null);
            case COPY -> copy(operation, fd);
            default -> throw new AssertionError(operation.kind() + " on " + operation.descriptor());
        }
    }

    static Transfers at(Operation operation) {
        return operation.offset() < 0 ? Transfers.FILE : Transfers.at(operation.offset());
    }

    private static void done(Operation operation, int result) throws Failure {
        FdErrors.check(result);
        operation.done(0);
    }

    private static void stat(Operation operation, int fd, @Nullable String name) throws Failure {
        try (Call call = new Call()) {
            long path = call.name(name == null ? "" : name);
            boolean noFollow = operation.has(OpenFlags.NO_FOLLOW);
            FdErrors.check(
                    FileLibC.stat(fd, path, name != null, noFollow, call.space().address()));
            operation.told(Stat.read(call.space(), ABI.stat));
        }
    }

    /** Inside the kernel where it can; some file systems and older kernels cannot, and then through our memory. */
    private static void copy(Operation operation, int fd) throws Failure {
        FdDescriptor target = (FdDescriptor) operation.target();
        long wanted = Math.min(operation.length(), MOST_COPIED);
        if (wanted == 0) {
            operation.done(0);
            return;
        }
        int out = target.enter();
        try (Call call = new Call()) {
            int edges = target.readiness(false).edges();
            long count = -LibC.ERRNO.number("ENOSYS");
            if (Sockets.LINUX) {
                call.space().set(JAVA_LONG, 0, operation.offset());
                count = FileLibC.sendfile(out, fd, call.space().address(), wanted);
            }
            if (count == -LibC.ERRNO.number("ENOSYS") || count == -LibC.ERRNO.number("EINVAL")) {
                count = copyThroughMemory(operation, fd, out, wanted, call.scratch);
            }
            if (count == -LibC.EAGAIN) {
                target.readiness(false).dry(edges);
            }
            operation.done(Transfers.received(count));
        } finally {
            target.fd.leave();
        }
    }

    /** What was read and not written is read again the next time: the offset moves by what was written. */
    private static long copyThroughMemory(Operation operation, int fd, int out, long wanted, Scratch scratch) {
        long size = Math.min(wanted, Scratch.DATA_BYTES);
        long count = FileLibC.pread(fd, scratch.dataAddress(), size, operation.offset());
        boolean socket = operation.target() instanceof FdNet;
        return count <= 0
                ? count
                : (socket ? Transfers.SOCKET : Transfers.FILE).write(out, scratch.dataAddress(), count);
    }

    // ---- by name

    private static void byName(Operation operation) throws Failure {
        Names names = operation.names();
        FdDescriptor directory = (FdDescriptor) names.directory();
        FdDescriptor other = (FdDescriptor) names.otherDirectory();
        int at = enter(directory);
        try {
            int otherAt = enter(other);
            try {
                byName(operation, names, at, otherAt);
            } finally {
                leave(other);
            }
        } finally {
            leave(directory);
        }
    }

    private static int enter(@Nullable FdDescriptor directory) throws Failure {
        return directory == null ? ABI.currentDirectory : directory.enter();
    }

    private static void leave(@Nullable FdDescriptor directory) {
        if (directory != null) {
            directory.fd.leave();
        }
    }

    private static void byName(Operation operation, Names names, int at, int otherAt) throws Failure {
        if (operation.kind() == Operation.Kind.STAT) {
            if (names.name().isEmpty()) { // which Linux would take for the directory itself
                throw FdErrors.failure(-LibC.ERRNO.number("ENOENT"));
            }
            stat(operation, at, names.name());
            return;
        }
        try (Call call = new Call()) {
            long name = call.name(names.name());
            int mode = operation.mode() & PERMISSIONS;
            switch (operation.kind()) {
                case OPEN -> operation.opened(new FdFile(FdErrors.check(open(operation, at, name, mode, call))));
                case MAKE_DIRECTORY -> done(operation, FileLibC.mkdirat(at, name, mode));
                case UNLINK -> done(operation, FileLibC.unlinkat(at, name, operation.has(OpenFlags.DIRECTORY)));
                case RENAME -> {
                    boolean exclusive = operation.has(OpenFlags.EXCLUSIVE);
                    done(operation, FileLibC.rename(at, name, otherAt, call.name(names.other()), exclusive));
                }
                case LINK -> done(operation, FileLibC.linkat(at, name, otherAt, call.name(names.other())));
                case SYMLINK -> done(operation, FileLibC.symlinkat(name, otherAt, call.name(names.other())));
                default -> throw new AssertionError(operation.kind() + " by name");
            }
        }
    }

    private static int open(Operation operation, int at, long name, int mode, Call call) {
        int flags = openFlags(operation, ABI);
        return operation.has(OpenFlags.BENEATH)
                ? FileLibC.openBeneath(at, name, call.space(), flags, (flags & ABI.create) == 0 ? 0 : mode)
                : FileLibC.openat(at, name, flags, mode);
    }

    /**
     * Returns the kernel's flags for ours.
     *
     * @param operation an open
     * @param abi of the kernel
     * @return {@code O_…}
     */
    public static int openFlags(Operation operation, FileAbi abi) {
        boolean writing = operation.has(OpenFlags.WRITE) || operation.has(OpenFlags.APPEND);
        int flags = !writing ? FileAbi.O_RDONLY : operation.has(OpenFlags.READ) ? FileAbi.O_RDWR : FileAbi.O_WRONLY;
        return flags
                | abi.closeOnExec
                | abi.noTerminal
                | (operation.has(OpenFlags.APPEND) ? abi.append : 0)
                | (operation.has(OpenFlags.CREATE) ? abi.create : 0)
                | (operation.has(OpenFlags.CREATE) && operation.has(OpenFlags.EXCLUSIVE) ? abi.exclusive : 0)
                | (operation.has(OpenFlags.TRUNCATE) && writing ? abi.truncate : 0)
                | (operation.has(OpenFlags.DIRECTORY) ? abi.directory : 0)
                | (operation.has(OpenFlags.NO_FOLLOW) ? abi.noFollow : 0)
                | (operation.has(OpenFlags.SYNC) ? abi.sync : 0)
                | (operation.has(OpenFlags.DATA_SYNC) ? abi.dataSync : 0);
    }

    /** The memory of one call: names, and space for a struct. */
    private static final class Call implements AutoCloseable {
        private static final int SPACE = 2 * LONGEST_NAME_BYTES;
        private static final int SPACE_BYTES = 256;

        final Scratch scratch = Scratch.take();
        private int used;

        /** Where a name is, with a zero at its end. */
        long name(String name) throws Failure {
            byte[] bytes = FileNames.encode(name);
            if (bytes == null) {
                throw new Failure("not a name: it has a character that names cannot have", "EINVAL", null);
            }
            if (bytes.length > LONGEST_NAME_BYTES) {
                throw FdErrors.failure(-LibC.ERRNO.number("ENAMETOOLONG"));
            }
            int at = used;
            MemorySegment.copy(bytes, 0, scratch.dataMemory, JAVA_BYTE, at, bytes.length);
            used += bytes.length;
            return scratch.dataAddress() + at;
        }

        MemorySegment space() {
            return scratch.dataMemory.asSlice(SPACE, SPACE_BYTES);
        }

        @Override
        public void close() {
            scratch.give();
        }
    }
}
