package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.ffi.FileAbi;
import io.amphio.evented.ffi.UringRefusal;

/**
 * What is asked of names: to rename, to link, to unlink, to make a directory. Each has one path at the start of its memory,
 * and maybe a second one behind it.
 */
final class NameRequests {
    private static final int AT_REMOVEDIR = 0x200;

    private static final int PERMISSIONS = 07777;

    private NameRequests() {}

    /** One or two paths, and nothing to be told. */
    abstract static class Named implements Request {
        private final int opcode;

        Named(int opcode) {
            this.opcode = opcode;
        }

        @Override
        public final int opcode() {
            return opcode;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
            Paths.lend(slot, slab, 0, operation.names());
            return true;
        }

        /** Two names with a directory each; the second directory is where others have a length. */
        final Entry writeTwo(Entry entry, UringSlot slot) {
            return entry.call(opcode, slot.number())
                    .memory(slot.piece().address(), slot.otherNumber())
                    .offset(Paths.second(slot));
        }

        @Override
        public final void finish(UringSlot slot, Operation operation, int result) {
            operation.done(0);
        }
    }

    /** Renames. */
    static final class Rename extends Named {
        Rename() {
            super(Opcode.RENAMEAT);
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            writeTwo(entry, slot).flags(operation.has(OpenFlags.EXCLUSIVE) ? FileAbi.RENAME_NOREPLACE : 0);
        }
    }

    /** Gives a file a second name. */
    static final class Link extends Named {
        Link() {
            super(Opcode.LINKAT);
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            writeTwo(entry, slot);
        }
    }

    /** Makes a symbolic link: the first path is just text. */
    static final class Symlink extends Named {
        Symlink() {
            super(Opcode.SYMLINKAT);
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.SYMLINKAT, slot.otherNumber())
                    .memory(slot.piece().address(), 0)
                    .offset(Paths.second(slot));
        }
    }

    /** Removes. */
    static final class Unlink extends Named {
        Unlink() {
            super(Opcode.UNLINKAT);
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.UNLINKAT, slot.number())
                    .memory(slot.piece().address(), 0)
                    .flags(operation.has(OpenFlags.DIRECTORY) ? AT_REMOVEDIR : 0);
        }
    }

    /** Makes a directory. */
    static final class MakeDirectory extends Named {
        MakeDirectory() {
            super(Opcode.MKDIRAT);
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.MKDIRAT, slot.number()).memory(slot.piece().address(), operation.mode() & PERMISSIONS);
        }
    }
}
