package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.backend.fd.FdSocket;
import io.amphio.evented.ffi.UringRefusal;

/**
 * To receive and to send: bytes of a stream socket or a pipe.
 *
 * <p>A pipe is no socket, so the kernel is asked to read or write it; and as ours do not wait, it then answers EAGAIN instead of
 * waiting.
 */
final class StreamRequests {
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final long WHERE_IT_STANDS = -1;

    private StreamRequests() {}

    private static boolean isSocket(Operation operation) {
        return operation.descriptor() instanceof FdSocket;
    }

    private static boolean isInputShut(Operation operation) {
        return operation.descriptor() instanceof FdSocket socket && socket.isInputShut();
    }

    /** The kernel says it too, but of a Unix socket in other words than of TCP. */
    private static void requireConnected(Operation operation) throws Failure {
        if (operation.descriptor() instanceof FdSocket socket) {
            socket.requireConnected();
        }
    }

    private static Failure failure(Operation operation, int result) {
        return operation.descriptor() instanceof FdSocket socket ? socket.failure(result) : FdErrors.failure(result);
    }

    /** Receives at least one byte. */
    static final class Receive implements Request {
        @Override
        public int opcode() {
            return Opcode.RECV;
        }

        @Override
        public int readiness() {
            return POLLIN | POLLRDHUP;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
            requireConnected(operation);
            int bytes = Transfers.room(operation.buffers(), Slab.LARGEST);
            if (bytes == 0 || isInputShut(operation)) {
                operation.done(bytes == 0 ? 0 : Descriptor.END_OF_STREAM);
                return false;
            }
            slot.lend(slab, bytes);
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            if (isSocket(operation)) {
                entry.call(Opcode.RECV, slot.number());
            } else {
                entry.call(Opcode.READ, slot.number()).offset(WHERE_IT_STANDS);
            }
            entry.memory(slot.piece().address(), slot.bytes());
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) throws Failure {
            if (result == 0 && operation.descriptor() instanceof FdSocket socket) {
                socket.requireNoReset();
            }
            Transfers.scatter(slot.piece(), 0, operation.buffers(), result);
            operation.done(result == 0 ? Descriptor.END_OF_STREAM : result);
        }

        @Override
        public void failed(Operation operation, int result) throws Failure {
            throw failure(operation, result);
        }
    }

    /** Sends at least one byte. */
    static final class Send implements Request {
        @Override
        public int opcode() {
            return Opcode.SEND;
        }

        @Override
        public int readiness() {
            return POLLOUT;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
            requireConnected(operation);
            if (Transfers.lendAndGather(slot, slab, operation.buffers()) == 0) {
                operation.done(0);
                return false;
            }
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            if (isSocket(operation)) {
                entry.call(Opcode.SEND, slot.number()).flags(MSG_NOSIGNAL);
            } else {
                entry.call(Opcode.WRITE, slot.number()).offset(WHERE_IT_STANDS);
            }
            entry.memory(slot.piece().address(), slot.bytes());
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) {
            Transfers.advance(operation.buffers(), result);
            operation.done(result);
        }

        @Override
        public void failed(Operation operation, int result) throws Failure {
            throw failure(operation, result);
        }
    }
}
