package io.amphio.interop.fd;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** Descriptors as a C library has them. */
final class ForeignFds {
    static {
        Native.register(ForeignFds.class, NativeLibrary.getProcess());
    }

    private ForeignFds() {}

    private static native int pipe(int[] ends);

    private static native long write(int descriptor, byte[] bytes, long count);

    private static native long read(int descriptor, byte[] bytes, long count);

    static native int close(int descriptor);

    /** Both ends of a new pipe: the one to read, the one to write. */
    static int[] newPipe() {
        int[] ends = new int[2];
        if (pipe(ends) != 0) {
            throw new AssertionError("pipe: errno " + Native.getLastError());
        }
        return ends;
    }

    static void put(int descriptor) {
        if (write(descriptor, new byte[1], 1) != 1) {
            throw new AssertionError("write: errno " + Native.getLastError());
        }
    }

    static void take(int descriptor) {
        if (read(descriptor, new byte[1], 1) != 1) {
            throw new AssertionError("read: errno " + Native.getLastError());
        }
    }

    static void close(int[] both) {
        close(both[0]);
        close(both[1]);
    }
}
