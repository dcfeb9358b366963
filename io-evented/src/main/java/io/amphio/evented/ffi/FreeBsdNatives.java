package io.amphio.evented.ffi;

/** The C functions that FreeBSD has and macOS has not. */
final class FreeBsdNatives {
    private FreeBsdNatives() {}

    static native int fdatasync(int fd);

    /** Returns the errno, and does not set it. */
    static native int posix_fallocate(int fd, long offset, long length);
}
