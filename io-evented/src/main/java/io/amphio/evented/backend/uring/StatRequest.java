package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.backend.fd.Stat;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.FileAbi;
import io.amphio.evented.ffi.UringRefusal;
import java.util.Objects;

/**
 * Tells about a file, by name or by descriptor. The slot's memory holds a {@code struct statx}, and the name behind it; an empty one
 * means the descriptor itself.
 */
final class StatRequest implements Request {
    private static final FileAbi ABI = FileAbi.of(Objects.requireNonNull(Abi.current()));
    private static final Names NONE = new Names(null, "");
    private static final int ENOENT = 2;

    @Override
    public int opcode() {
        return Opcode.STATX;
    }

    @Override
    public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
        if (operation.hasNames() && operation.names().name().isEmpty()) {
            throw FdErrors.failure(-ENOENT);
        }
        Paths.lend(slot, slab, ABI.stat.size(), operation.hasNames() ? operation.names() : NONE);
        return true;
    }

    @Override
    public void write(Entry entry, UringSlot slot, Operation operation) {
        long status = slot.piece().address();
        int flags = operation.has(OpenFlags.NO_FOLLOW) ? ABI.statNoFollow : 0;
        entry.call(Opcode.STATX, slot.number())
                .memory(status + ABI.stat.size(), FileAbi.STATX_BASIC_STATS)
                .offset(status)
                .flags(operation.hasNames() ? flags : flags | FileAbi.AT_EMPTY_PATH);
    }

    @Override
    public void finish(UringSlot slot, Operation operation, int result) {
        operation.told(Stat.read(slot.piece().segment(), ABI.stat));
    }
}
