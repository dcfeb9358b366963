package io.amphio.evented.ffi;

/** The C functions that macOS has and FreeBSD has not. */
final class MacNatives {
    private MacNatives() {}

    static native int renameatx_np(int directory, long name, int otherDirectory, long otherName, int flags);
}
