package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdDatagramSocket;
import io.amphio.evented.backend.fd.FdListener;
import io.amphio.evented.backend.fd.FdSocket;
import io.amphio.evented.backend.fd.SocketAddresses;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.SocketAbi;
import io.amphio.evented.ffi.UringRefusal;

/**
 * To accept, to connect, and to wait for readiness.
 *
 * <p>Accepts are asked for one by one: one request for many would take connections that nobody has asked for yet, and a canceled accept
 * has taken none.
 */
final class ConnectionRequests {
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    private static final int ADDRESS_LENGTH = SocketAbi.ADDRESS_SIZE; // behind the address

    private ConnectionRequests() {}

    /** Takes one connection, and the peer's address with it. */
    static final class Accept implements Request {
        @Override
        public int opcode() {
            return Opcode.ACCEPT;
        }

        @Override
        public int readiness() {
            return POLLIN;
        }

        /** One that has gone again before we took it is not ours to tell. */
        @Override
        public boolean isAskedAgain(int result, int attempts) {
            return result == -LibC.ECONNABORTED;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws UringRefusal {
            slot.lend(slab, ADDRESS_LENGTH + Integer.BYTES);
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            Slab.Piece memory = slot.piece();
            memory.bytes().putInt(ADDRESS_LENGTH, SocketAbi.ADDRESS_SIZE);
            entry.call(Opcode.ACCEPT, slot.number())
                    .memory(memory.address(), 0)
                    .offset(memory.address() + ADDRESS_LENGTH)
                    .flags(SOCK_NONBLOCK_CLOEXEC);
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) {
            FdListener listener = (FdListener) operation.descriptor();
            Slab.Piece memory = slot.piece();
            int length = memory.bytes().getInt(ADDRESS_LENGTH);
            operation.accepted(listener.accepted(result, SocketAddresses.read(memory.segment(), length)));
        }
    }

    /** Connects; where that takes time, the kernel waits by itself. */
    static final class Connect implements Request {
        @Override
        public int opcode() {
            return Opcode.CONNECT;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
            if (operation.descriptor() instanceof FdDatagramSocket datagrams) {
                datagrams.connect(operation.address()); // which takes no time
                operation.done(0);
                return false;
            }
            FdSocket socket = (FdSocket) operation.descriptor();
            Slab.Piece memory = slot.lend(slab, SocketAbi.ADDRESS_SIZE);
            slot.setBytes(SocketAddresses.write(operation.address(), socket.domain(), memory.segment()));
            socket.connecting(operation.address());
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.CONNECT, slot.number())
                    .memory(slot.piece().address(), 0)
                    .offset(slot.bytes()); // the length is where others have an offset
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) throws Failure {
            ((FdSocket) operation.descriptor()).connected(result);
            operation.done(0);
        }

        @Override
        public void failed(Operation operation, int result) throws Failure {
            ((FdSocket) operation.descriptor()).connected(result);
        }
    }

    /** Waits for readiness, and completes at once where that is there already. */
    static final class Poll implements Request {
        private final int events;

        Poll(int events) {
            this.events = events;
        }

        @Override
        public int opcode() {
            return Opcode.POLL_ADD;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) {
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.poll(slot.number(), events);
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) {
            operation.done(0);
        }
    }
}
