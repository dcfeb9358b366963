package io.amphio.evented.ffi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Where buffers are in memory. */
public final class NativeMemory {
    /** The scope of what the collector frees once nobody holds it, which is how the JDK marks its own direct buffers. */
    private static final Class<?> COLLECTED =
            MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)).scope().getClass();

    private NativeMemory() {}

    /**
     * Returns where what remains in a buffer begins, for a call that ends while the caller still holds the buffer.
     *
     * <p>Only for buffers that live as long as they are held. One made of an arena's memory may be freed by another thread's
     * {@code Arena.close} at any time, also during the call, and the kernel would write into what comes after it: it is to
     * be copied, by buffer operations, which look.
     *
     * @param buffer any
     * @return the address; 0 if the buffer is to be copied
     */
    public static long addressOf(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return 0;
        }
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        return memory.scope().getClass() == COLLECTED ? memory.address() : 0;
    }
}
