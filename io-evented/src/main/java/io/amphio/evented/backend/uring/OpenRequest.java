package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdFile;
import io.amphio.evented.backend.fd.FdFiles;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.FileAbi;
import io.amphio.evented.ffi.UringRefusal;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Opens a file or a directory. The slot's memory holds a {@code struct open_how}, and the name behind it. */
final class OpenRequest implements Request {
    private static final FileAbi ABI = FileAbi.of(Objects.requireNonNull(Abi.current()));
    private static final int PERMISSIONS = 07777;
    private static final int EAGAIN = 11;
    private static final int MOST_ATTEMPTS = 100;

    @Override
    public int opcode() {
        return Opcode.OPENAT2;
    }

    @Override
    public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
        Paths.lend(slot, slab, FileAbi.OPEN_HOW_SIZE, operation.names());
        int flags = FdFiles.openFlags(operation, ABI);
        ByteBuffer how = slot.piece().bytes();
        how.putLong(0, flags);
        how.putLong(8, (flags & ABI.create) == 0 ? 0 : operation.mode() & PERMISSIONS); // or the kernel refuses
        how.putLong(16, operation.has(OpenFlags.BENEATH) ? FileAbi.RESOLVE_BENEATH : 0);
        return true;
    }

    @Override
    public void write(Entry entry, UringSlot slot, Operation operation) {
        long how = slot.piece().address();
        entry.call(Opcode.OPENAT2, slot.number())
                .memory(how + FileAbi.OPEN_HOW_SIZE, FileAbi.OPEN_HOW_SIZE)
                .offset(how);
        if (mayWait(operation)) {
            entry.waiting();
        }
    }

    /** A pipe with a name waits for its other end. Tried without waiting, which the kernel does first, it is open without one. */
    private static boolean mayWait(Operation operation) {
        boolean writing = operation.has(OpenFlags.WRITE) || operation.has(OpenFlags.APPEND);
        return !operation.has(OpenFlags.DIRECTORY) && !(writing && operation.has(OpenFlags.READ));
    }

    /** Where a rename meanwhile makes it unsure whether the file lies below its directory, the kernel says EAGAIN. */
    @Override
    public boolean isAskedAgain(int result, int attempts) {
        return result == -EAGAIN && attempts < MOST_ATTEMPTS;
    }

    @Override
    public void finish(UringSlot slot, Operation operation, int result) {
        operation.opened(new FdFile(result));
    }
}
