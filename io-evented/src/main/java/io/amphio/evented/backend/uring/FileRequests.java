package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.ffi.UringRefusal;

/** What is asked of an open file. */
final class FileRequests {
    private static final int FSYNC_DATASYNC = 1;

    private FileRequests() {}

    /** Reads from an offset, or from where the file stands. */
    static final class Read implements Request {
        @Override
        public int opcode() {
            return Opcode.READ;
        }

        @Override
        public int readiness() {
            return POLLIN; // of what is no file; somebody may have made it non-blocking
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws UringRefusal {
            int bytes = Transfers.room(operation.buffers(), Slab.LARGEST);
            if (bytes == 0) {
                operation.done(0);
                return false;
            }
            slot.lend(slab, bytes);
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.READ, slot.number())
                    .memory(slot.piece().address(), slot.bytes())
                    .offset(operation.offset());
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) {
            Transfers.scatter(slot.piece(), 0, operation.buffers(), result);
            operation.done(result == 0 ? Descriptor.END_OF_STREAM : result);
        }
    }

    /** Writes at an offset, or at where the file stands. */
    static final class Write implements Request {
        @Override
        public int opcode() {
            return Opcode.WRITE;
        }

        @Override
        public int readiness() {
            return POLLOUT; // as above
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws UringRefusal {
            if (Transfers.lendAndGather(slot, slab, operation.buffers()) == 0) {
                operation.done(0);
                return false;
            }
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.WRITE, slot.number())
                    .memory(slot.piece().address(), slot.bytes())
                    .offset(operation.offset());
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) {
            Transfers.advance(operation.buffers(), result);
            operation.done(result);
        }
    }

    /** What takes numbers only, and tells nothing but that it was done. */
    abstract static class Plain implements Request {
        private final int opcode;

        Plain(int opcode) {
            this.opcode = opcode;
        }

        @Override
        public final int opcode() {
            return opcode;
        }

        @Override
        public final boolean prepare(UringSlot slot, Operation operation, Slab slab) {
            return true;
        }

        @Override
        public final void write(Entry entry, UringSlot slot, Operation operation) {
            write(entry.call(opcode, slot.number()), operation);
        }

        abstract void write(Entry entry, Operation operation);

        @Override
        public final void finish(UringSlot slot, Operation operation, int result) {
            operation.done(0);
        }
    }

    /** Brings a file to the device. */
    static final class Sync extends Plain {
        private final int flags;

        Sync(boolean dataOnly) {
            super(Opcode.FSYNC);
            flags = dataOnly ? FSYNC_DATASYNC : 0;
        }

        @Override
        void write(Entry entry, Operation operation) {
            entry.flags(flags);
        }
    }

    /** Sets a file's size. */
    static final class Truncate extends Plain {
        Truncate() {
            super(Opcode.FTRUNCATE);
        }

        @Override
        void write(Entry entry, Operation operation) {
            entry.offset(operation.length());
        }
    }

    /** Reserves space. */
    static final class Allocate extends Plain {
        Allocate() {
            super(Opcode.FALLOCATE);
        }

        @Override
        void write(Entry entry, Operation operation) {
            entry.offset(operation.offset())
                    .memory(operation.length(), 0); // the length is where others have an address
        }
    }
}
