package io.amphio.evented.ffi;

/** The C functions of macOS and FreeBSD, bound by {@link NativeAccess} there. Addresses and sizes are longs. */
final class BsdNatives {
    private BsdNatives() {}

    /** On macOS on Intel, the one with inodes of 64 bits has a name of its own. */
    static native int fstatat(int directory, long name, long status, int flags);

    static native int fstat(int fd, long status);
}
