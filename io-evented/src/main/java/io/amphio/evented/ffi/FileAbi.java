package io.amphio.evented.ffi;

/**
 * The numbers of the files interface, and the layout of what it tells about a file. Of Linux's flags, ARM and POWER have four in
 * other places than the rest.
 */
public final class FileAbi {
    /** {@code O_RDONLY}. */
    public static final int O_RDONLY = 0;
    /** {@code O_WRONLY}. */
    public static final int O_WRONLY = 1;
    /** {@code O_RDWR}. */
    public static final int O_RDWR = 2;
    /** {@code RESOLVE_BENEATH} of Linux. */
    public static final long RESOLVE_BENEATH = 8;
    /** {@code RENAME_NOREPLACE} of Linux. */
    public static final int RENAME_NOREPLACE = 1;
    /** {@code O_PATH} of Linux: a handle of a place, not to be read or written. */
    public static final int O_PATH = 0x200000;
    /** The size of Linux's {@code struct open_how}: flags, mode and resolve, all longs. */
    public static final int OPEN_HOW_SIZE = 24;
    /** {@code AT_EMPTY_PATH} of Linux. */
    public static final int AT_EMPTY_PATH = 0x1000;
    /** {@code STATX_BASIC_STATS} of Linux. */
    public static final int STATX_BASIC_STATS = 0x7ff;

    /** {@code O_CREAT}. */
    public final int create;
    /** {@code O_EXCL}. */
    public final int exclusive;
    /** {@code O_TRUNC}. */
    public final int truncate;
    /** {@code O_APPEND}. */
    public final int append;
    /** {@code O_DIRECTORY}. */
    public final int directory;
    /** {@code O_NOFOLLOW}. */
    public final int noFollow;
    /** {@code O_SYNC}. */
    public final int sync;
    /** {@code O_DSYNC}. */
    public final int dataSync;
    /** {@code O_CLOEXEC}. */
    public final int closeOnExec;
    /** {@code O_NOCTTY}. */
    public final int noTerminal;
    /** {@code AT_FDCWD}. */
    public final int currentDirectory;
    /** {@code AT_SYMLINK_NOFOLLOW}. */
    public final int statNoFollow;
    /** {@code AT_REMOVEDIR}. */
    public final int removeDirectory;
    /** The number of the system call {@code statx}; 0 outside of Linux. */
    public final int sysStatx;
    /** The number of the system call {@code renameat2}; 0 outside of Linux. */
    public final int sysRenameat2;
    /** The number of the system call {@code openat2}; 0 outside of Linux. */
    public final int sysOpenat2;
    /** Where things are in {@code struct statx}, or in {@code struct stat} outside of Linux. */
    public final StatLayout stat;

    /**
     * Where the fields are. Times are a long of seconds and then nanoseconds, an int or a long with no more in it.
     *
     * @param size of the struct
     * @param mode two bytes
     * @param links as wide as {@code linksBytes}
     * @param linksBytes 2, 4 or 8
     * @param userId an int
     * @param groupId an int
     * @param inode a long
     * @param fileSize a long
     * @param accessed a time
     * @param modified a time
     * @param changed a time
     * @param device as wide as {@code deviceBytes}
     * @param deviceBytes 4 or 8; -8 for two ints, major and minor
     */
    public record StatLayout(
            int size,
            int mode,
            int links,
            int linksBytes,
            int userId,
            int groupId,
            int inode,
            int fileSize,
            int accessed,
            int modified,
            int changed,
            int device,
            int deviceBytes) {}

    private FileAbi(Abi abi) {
        boolean linux = abi.os() == Abi.Os.LINUX;
        boolean mac = abi.os() == Abi.Os.MACOS;
        boolean moved = abi.arch() == Abi.Arch.AARCH64 || abi.arch() == Abi.Arch.PPC64LE;
        create = linux ? 0x40 : 0x200;
        exclusive = linux ? 0x80 : 0x800;
        truncate = linux ? 0x200 : 0x400;
        append = linux ? 0x400 : 8;
        directory = linux ? (moved ? 0x4000 : 0x10000) : mac ? 0x100000 : 0x20000;
        noFollow = linux ? (moved ? 0x8000 : 0x20000) : 0x100;
        sync = linux ? 0x101000 : 0x80;
        dataSync = linux ? 0x1000 : mac ? 0x400000 : 0x1000000;
        closeOnExec = linux ? 0x80000 : mac ? 0x1000000 : 0x100000;
        noTerminal = linux ? 0x100 : mac ? 0x20000 : 0x8000;
        currentDirectory = mac ? -2 : -100;
        statNoFollow = linux ? 0x100 : mac ? 0x20 : 0x200;
        removeDirectory = linux ? 0x200 : mac ? 0x80 : 0x800;
        sysStatx = linux ? byArch(abi.arch(), 332, 291, 383, 379) : 0;
        sysRenameat2 = linux ? byArch(abi.arch(), 316, 276, 357, 347) : 0;
        sysOpenat2 = linux ? 437 : 0;
        stat = linux
                ? new StatLayout(256, 28, 16, 4, 20, 24, 32, 40, 64, 112, 96, 136, -8)
                : mac
                        ? new StatLayout(144, 4, 6, 2, 16, 20, 8, 96, 32, 48, 64, 0, 4)
                        : new StatLayout(224, 24, 16, 8, 28, 32, 8, 112, 48, 64, 80, 0, 8);
    }

    private static int byArch(Abi.Arch arch, int x86, int generic, int power, int z) {
        return switch (arch) {
            case X86_64 -> x86;
            case AARCH64, RISCV64 -> generic;
            case PPC64LE -> power;
            case S390X -> z;
        };
    }

    /**
     * Returns the numbers of a system.
     *
     * @param abi which
     * @return its numbers
     */
    public static FileAbi of(Abi abi) {
        return new FileAbi(abi);
    }
}
