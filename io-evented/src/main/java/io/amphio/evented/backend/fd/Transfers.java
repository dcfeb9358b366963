package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.ffi.FileLibC;
import io.amphio.evented.ffi.LibC;
import io.amphio.evented.ffi.NativeMemory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Receives and sends, reads and writes, one call each: buffers outside the heap in place, others by way of
 * {@link Scratch}. Several buffers go as one {@link Vector}.
 *
 * <p>Results are those of the C functions, with positions moved by what was transferred. Of what does not fit into the
 * scratch, a part is transferred; what is left is for the next call.
 */
abstract class Transfers {
    /** What {@link #receive} returns for buffers without room, where 0 would be the end of the stream. */
    static final long NO_ROOM = Long.MIN_VALUE;

    /** Sockets: no signal comes when the peer has gone. */
    static final Transfers SOCKET = new Transfers() {
        @Override
        long read(int fd, long address, long size) {
            return LibC.recv(fd, address, size, 0);
        }

        @Override
        long write(int fd, long address, long size) {
            return LibC.send(fd, address, size, Sockets.ABI.msgNosignal);
        }

        @Override
        long readVector(int fd, Scratch scratch, int entries) {
            return LibC.recvmsg(fd, Vector.message(scratch, entries, 0), 0);
        }

        @Override
        long writeVector(int fd, Scratch scratch, int entries) {
            return LibC.sendmsg(fd, Vector.message(scratch, entries, 0), Sockets.ABI.msgNosignal);
        }
    };

    /** Everything else, where the descriptor stands. */
    static final Transfers FILE = new Transfers() {
        @Override
        long read(int fd, long address, long size) {
            return LibC.read(fd, address, size);
        }

        @Override
        long write(int fd, long address, long size) {
            return LibC.write(fd, address, size);
        }

        @Override
        long readVector(int fd, Scratch scratch, int entries) {
            return LibC.readv(fd, scratch.addressOf(Scratch.VECTOR), entries);
        }

        @Override
        long writeVector(int fd, Scratch scratch, int entries) {
            return LibC.writev(fd, scratch.addressOf(Scratch.VECTOR), entries);
        }
    };

    /** A file, at an offset. */
    static Transfers at(long offset) {
        return new Transfers() {
            @Override
            long read(int fd, long address, long size) {
                return FileLibC.pread(fd, address, size, offset);
            }

            @Override
            long write(int fd, long address, long size) {
                return FileLibC.pwrite(fd, address, size, offset);
            }

            @Override
            long readVector(int fd, Scratch scratch, int entries) {
                return FileLibC.preadv(fd, scratch.addressOf(Scratch.VECTOR), entries, offset);
            }

            @Override
            long writeVector(int fd, Scratch scratch, int entries) {
                return FileLibC.pwritev(fd, scratch.addressOf(Scratch.VECTOR), entries, offset);
            }
        };
    }

    private Transfers() {}

    abstract long read(int fd, long address, long size);

    abstract long write(int fd, long address, long size);

    abstract long readVector(int fd, Scratch scratch, int entries);

    abstract long writeVector(int fd, Scratch scratch, int entries);

    final long receive(int fd, ByteBuffer[] buffers) {
        int first = nextWithRoom(buffers, 0);
        if (first == buffers.length) {
            return NO_ROOM;
        }
        Vector.requireWritable(buffers);
        return nextWithRoom(buffers, first + 1) < buffers.length
                ? vector(fd, buffers, true)
                : receiveOne(fd, buffers[first]);
    }

    final long send(int fd, ByteBuffer[] buffers) {
        int first = nextWithRoom(buffers, 0);
        if (first == buffers.length) {
            return 0;
        }
        return nextWithRoom(buffers, first + 1) < buffers.length
                ? vector(fd, buffers, false)
                : sendOne(fd, buffers[first]);
    }

    /** What a descriptor makes of the result of a receive. */
    static long received(long count) throws Failure {
        if (count > 0) {
            return count;
        }
        if (count == 0) {
            return Descriptor.END_OF_STREAM;
        }
        return count == NO_ROOM ? 0 : sent(count);
    }

    /** What a descriptor makes of the result of a send. */
    static long sent(long count) throws Failure {
        if (count >= 0) {
            return count;
        }
        if (count == -LibC.EAGAIN) {
            return Descriptor.WOULD_BLOCK;
        }
        throw FdErrors.failure(count);
    }

    /** Returns how much one call asks for at most, or less: then what it transfers may be taken for all that it asked for. */
    static long asked(ByteBuffer[] buffers) {
        if (buffers.length != 1) {
            return 0;
        }
        ByteBuffer only = buffers[0];
        return only.isDirect() ? only.remaining() : Math.min(only.remaining(), Scratch.DATA_BYTES);
    }

    private static int nextWithRoom(ByteBuffer[] buffers, int from) {
        int i = from;
        while (i < buffers.length && !buffers[i].hasRemaining()) {
            i++;
        }
        return i;
    }

    private long receiveOne(int fd, ByteBuffer buffer) {
        long address = NativeMemory.addressOf(buffer);
        if (address != 0) {
            try {
                return advance(buffer, read(fd, address, buffer.remaining()));
            } finally {
                Reference.reachabilityFence(buffer); // its memory must outlive the call
            }
        }
        Vector.touch(buffer);
        Scratch scratch = Scratch.take();
        try {
            int room = Math.min(buffer.remaining(), Scratch.DATA_BYTES);
            long count = read(fd, scratch.dataAddress(), room);
            if (count > 0) {
                buffer.put(buffer.position(), scratch.data, 0, (int) count);
            }
            return advance(buffer, count);
        } finally {
            scratch.give();
        }
    }

    private long sendOne(int fd, ByteBuffer buffer) {
        long address = NativeMemory.addressOf(buffer);
        if (address != 0) {
            try {
                return advance(buffer, write(fd, address, buffer.remaining()));
            } finally {
                Reference.reachabilityFence(buffer); // its memory must outlive the call
            }
        }
        Scratch scratch = Scratch.take();
        try {
            int size = Math.min(buffer.remaining(), Scratch.DATA_BYTES);
            scratch.data.put(0, buffer, buffer.position(), size);
            return advance(buffer, write(fd, scratch.dataAddress(), size));
        } finally {
            scratch.give();
        }
    }

    private static long advance(ByteBuffer buffer, long count) {
        if (count > 0) {
            buffer.position(buffer.position() + (int) count);
        }
        return count;
    }

    private long vector(int fd, ByteBuffer[] buffers, boolean receiving) {
        Scratch scratch = Scratch.take();
        try {
            int entries = Vector.fill(scratch, buffers, receiving);
            long count = receiving ? readVector(fd, scratch, entries) : writeVector(fd, scratch, entries);
            Vector.advance(scratch, buffers, count, receiving);
            return count;
        } finally {
            Reference.reachabilityFence(buffers);
            scratch.give();
        }
    }
}
