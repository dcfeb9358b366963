package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Datagram;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.fd.FdDatagramSocket;
import io.amphio.evented.backend.fd.FdErrors;
import io.amphio.evented.backend.fd.SocketAddresses;
import io.amphio.evented.ffi.UringRefusal;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * To receive and to send one datagram, with an address. The slot's memory holds a {@code msghdr}, its vector of one, the
 * address, and behind these the bytes.
 */
final class DatagramRequests {
    private static final int MESSAGE = 0; // a struct msghdr of 56 bytes, all of these as 64-bit Linux has them
    private static final int MESSAGE_NAME = 0;
    private static final int MESSAGE_NAME_LENGTH = 8;
    private static final int MESSAGE_VECTOR = 16;
    private static final int MESSAGE_VECTOR_COUNT = 24;
    private static final int MESSAGE_CONTROL = 32;
    private static final int MESSAGE_CONTROL_LENGTH = 40;
    private static final int MESSAGE_FLAGS = 48;
    private static final int VECTOR = 64;
    private static final int VECTOR_LENGTH = VECTOR + 8;
    private static final int ADDRESS = 128;
    private static final int ADDRESS_BYTES = 128;
    private static final int DATA = ADDRESS + ADDRESS_BYTES;

    private static final int EMSGSIZE = 90;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_NOSIGNAL = 0x4000;

    private DatagramRequests() {}

    private static void writeMessage(UringSlot slot, int addressBytes) {
        long start = slot.piece().address();
        ByteBuffer memory = slot.piece().bytes();
        memory.putLong(MESSAGE + MESSAGE_NAME, addressBytes == 0 ? 0 : start + ADDRESS);
        memory.putInt(MESSAGE + MESSAGE_NAME_LENGTH, addressBytes);
        memory.putLong(MESSAGE + MESSAGE_VECTOR, start + VECTOR);
        memory.putLong(MESSAGE + MESSAGE_VECTOR_COUNT, 1);
        memory.putLong(MESSAGE + MESSAGE_CONTROL, 0);
        memory.putLong(MESSAGE + MESSAGE_CONTROL_LENGTH, 0);
        memory.putInt(MESSAGE + MESSAGE_FLAGS, 0);
        memory.putLong(VECTOR, start + DATA);
        memory.putLong(VECTOR_LENGTH, slot.bytes());
    }

    /** Receives one; what does not fit is lost, and told. */
    static final class ReceiveFrom implements Request {
        @Override
        public int opcode() {
            return Opcode.RECVMSG;
        }

        @Override
        public int readiness() {
            return POLLIN;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws UringRefusal {
            int room = Transfers.room(operation.buffers(), Slab.MOST - DATA);
            slot.lend(slab, DATA + room);
            slot.setBytes(room);
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            writeMessage(slot, ADDRESS_BYTES);
            entry.call(Opcode.RECVMSG, slot.number()).memory(slot.piece().address() + MESSAGE, 1);
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) throws Failure {
            ByteBuffer memory = slot.piece().bytes();
            boolean truncated = (memory.getInt(MESSAGE + MESSAGE_FLAGS) & MSG_TRUNC) != 0;
            Transfers.scatter(slot.piece(), DATA, operation.buffers(), result);
            operation.received(new Datagram(result, from(slot, operation), truncated));
        }

        private static @Nullable SocketAddress from(UringSlot slot, Operation operation) throws Failure {
            int length = slot.piece().bytes().getInt(MESSAGE + MESSAGE_NAME_LENGTH);
            return length == 0 // from the peer of a connected Unix socket
                    ? operation.descriptor().remoteAddress()
                    : SocketAddresses.read(slot.piece().segment().asSlice(ADDRESS), length);
        }
    }

    /** Sends one, whole or not at all. */
    static final class SendTo implements Request {
        @Override
        public int opcode() {
            return Opcode.SENDMSG;
        }

        @Override
        public int readiness() {
            return POLLOUT;
        }

        @Override
        public boolean prepare(UringSlot slot, Operation operation, Slab slab) throws Failure, UringRefusal {
            long bytes = Transfers.sum(operation.buffers());
            if (bytes > Slab.MOST - DATA) { // more than the kernel takes too
                throw FdErrors.failure(-EMSGSIZE);
            }
            slot.lend(slab, DATA + (int) bytes);
            slot.setBytes((int) bytes);
            Transfers.gather(operation.buffers(), slot.piece(), DATA, (int) bytes);
            SocketAddress to = operation.addressOrNull();
            int domain = ((FdDatagramSocket) operation.descriptor()).domain();
            writeMessage(
                    slot,
                    to == null
                            ? 0
                            : SocketAddresses.write(
                                    to, domain, slot.piece().segment().asSlice(ADDRESS)));
            return true;
        }

        @Override
        public void write(Entry entry, UringSlot slot, Operation operation) {
            entry.call(Opcode.SENDMSG, slot.number())
                    .memory(slot.piece().address() + MESSAGE, 1)
                    .flags(MSG_NOSIGNAL);
        }

        @Override
        public void finish(UringSlot slot, Operation operation, int result) {
            Transfers.advance(operation.buffers(), result);
            operation.done(result);
        }
    }
}
