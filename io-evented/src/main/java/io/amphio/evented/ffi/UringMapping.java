package io.amphio.evented.ffi;

import com.sun.jna.Pointer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of memory at an address that the kernel knows: a ring's queues, or what its operations read and write.
 *
 * <p><b>Threads:</b> no thread-safety of its own. After {@link #unmap}, any use of its views ends the process: who maps it
 * sees to it that neither the kernel nor anybody else has it then.
 */
public final class UringMapping {
    private final long address;
    private final ByteBuffer bytes;
    private final MemorySegment segment;

    private UringMapping(long address, int length) {
        this.address = address;
        this.bytes = new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
        this.segment = MemorySegment.ofBuffer(bytes);
    }

    /**
     * Maps what a ring shares with the kernel.
     *
     * @param fd of the ring
     * @param length in bytes
     * @param offset which part: one of the {@code OFFSET_} constants of {@link UringLayout}
     * @return the mapping
     * @throws UringRefusal if the kernel refuses
     */
    public static UringMapping ofRing(int fd, int length, long offset) throws UringRefusal {
        return of("mmap of an io_uring", LinuxLibC.mapShared(fd, length, offset), length);
    }

    /**
     * Maps fresh memory.
     *
     * @param length in bytes
     * @return zeros
     * @throws UringRefusal if the kernel refuses
     */
    public static UringMapping fresh(int length) throws UringRefusal {
        return of("mmap of " + length + " bytes", LinuxLibC.mapFresh(length), length);
    }

    private static UringMapping of(String call, long address, int length) throws UringRefusal {
        if (address < 0) { // no address of a process has the highest bit
            throw new UringRefusal(call, (int) -address);
        }
        boolean made = false;
        try {
            UringMapping mapping = new UringMapping(address, length);
            made = true;
            return mapping;
        } finally {
            if (!made) { // no memory for what stands for it
                LinuxLibC.unmap(address, length);
            }
        }
    }

    /**
     * Returns where it is.
     *
     * @return the address that the kernel is told
     */
    public long address() {
        return address;
    }

    /**
     * Returns a view of all of it.
     *
     * @return a segment without bounds in time
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Returns a view of all of it.
     *
     * @return a direct buffer in native order
     */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Gives it back to the kernel. */
    public void unmap() {
        int result = LinuxLibC.unmap(address, bytes.capacity());
        if (result < 0) {
            throw new AssertionError("munmap of what was mapped: errno " + -result);
        }
    }
}
