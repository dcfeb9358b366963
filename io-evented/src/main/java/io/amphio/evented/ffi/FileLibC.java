package io.amphio.evented.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What the C library does with files, with the conventions of {@link LibC}. Where systems differ, what they do is the same here.
 * A call that may take long and that a signal interrupts is made again.
 *
 * <p><b>Threads:</b> any. Only where {@link NativeAccess#refusal} is null.
 */
public final class FileLibC {
    private static final Abi HERE = Abi.require();
    private static final FileAbi ABI = FileAbi.of(HERE);
    private static final int F_FULLFSYNC = 51; // of macOS, whose fsync stops at the drive's cache
    private static final int RENAME_EXCL = 4; // of macOS
    private static final int OPEN_AGAIN_MOST = 100;
    private static final int F_GETFL = 3;
    private static final int O_ACCMODE = 3;
    private static final int F_OFD_SETLK = 37; // of Linux
    private static final int FLOCK_BYTES = 32;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int AT_SYMLINK_FOLLOW = 0x400; // of Linux

    static {
        NativeAccess.require();
    }

    private FileLibC() {}

    /**
     * Reads from an offset.
     *
     * @param fd the file
     * @param buffer where it goes
     * @param size at most
     * @param offset where in the file
     * @return how many bytes, 0 at the end, or the negative errno
     */
    public static long pread(int fd, long buffer, long size, long offset) {
        while (true) {
            long result = LibC.result(PosixNatives.pread(fd, buffer, size, offset));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Writes at an offset.
     *
     * @param fd the file
     * @param buffer where it is
     * @param size at most
     * @param offset where in the file
     * @return how many bytes, or the negative errno
     */
    public static long pwrite(int fd, long buffer, long size, long offset) {
        while (true) {
            long result = LibC.result(PosixNatives.pwrite(fd, buffer, size, offset));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Reads from an offset into several buffers.
     *
     * @param fd the file
     * @param vector of an array of {@code iovec}
     * @param count how many there are
     * @param offset where in the file
     * @return how many bytes, 0 at the end, or the negative errno
     */
    public static long preadv(int fd, long vector, int count, long offset) {
        while (true) {
            long result = LibC.result(PosixNatives.preadv(fd, vector, count, offset));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Writes several buffers at an offset.
     *
     * @param fd the file
     * @param vector of an array of {@code iovec}
     * @param count how many there are
     * @param offset where in the file
     * @return how many bytes, or the negative errno
     */
    public static long pwritev(int fd, long vector, int count, long offset) {
        while (true) {
            long result = LibC.result(PosixNatives.pwritev(fd, vector, count, offset));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Opens a file.
     *
     * @param directory what the name is relative to
     * @param name of a string
     * @param flags {@code O_…}
     * @param mode of what is created
     * @return its descriptor, or the negative errno
     */
    public static int openat(int directory, long name, int flags, int mode) {
        while (true) {
            int result = LibC.result(PosixNatives.openat(directory, name, flags, mode, 0, 0, 0, 0, mode));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Opens a file that must lie below the directory, on Linux. Where a rename meanwhile makes that unsure, the kernel says
     * EAGAIN and is asked again.
     *
     * @param directory what the name is relative to
     * @param name of a string
     * @param how memory for a {@code struct open_how}
     * @param flags {@code O_…}
     * @param mode of what is created; 0 if nothing may be
     * @return its descriptor, or the negative errno
     */
    public static int openBeneath(int directory, long name, MemorySegment how, int flags, int mode) {
        how.set(JAVA_LONG, 0, flags);
        how.set(JAVA_LONG, 8, mode);
        how.set(JAVA_LONG, 16, FileAbi.RESOLVE_BENEATH);
        int again = 0;
        while (true) {
            int result = (int)
                    LinuxLibC.syscall(ABI.sysOpenat2, directory, name, how.address(), FileAbi.OPEN_HOW_SIZE, 0, 0);
            if (result != -LibC.EINTR && (result != -LibC.EAGAIN || again++ == OPEN_AGAIN_MOST)) {
                return result;
            }
        }
    }

    /**
     * Moves the position of an open file.
     *
     * @param fd the file
     * @param offset to where, or by how much
     * @param from {@code SEEK_SET} 0, {@code SEEK_CUR} 1
     * @return the new position, or the negative errno
     */
    public static long lseek(int fd, long offset, int from) {
        return LibC.result(PosixNatives.lseek(fd, offset, from));
    }

    /**
     * Tells what a file is open for.
     *
     * @param fd the file
     * @return {@code O_RDONLY}, {@code O_WRONLY} or {@code O_RDWR}, or the negative errno
     */
    public static int accessMode(int fd) {
        int flags = LibC.fcntl(fd, F_GETFL, 0);
        return flags < 0 ? flags : flags & O_ACCMODE;
    }

    /**
     * Takes a lock of the whole file that belongs to the open file, changes it, or gives it back, without waiting. On Linux it stands
     * against the locks of {@code fcntl} that other processes have, as the JDK takes them; elsewhere it is one of {@code flock(2)}.
     *
     * @param fd the file
     * @param lock which
     * @param memory for what {@code fcntl} takes
     * @return 0, or the negative errno: EAGAIN if somebody is in the way
     */
    public static int lock(int fd, Lock lock, MemorySegment memory) {
        if (!HERE.isLinux()) {
            int how = lock == Lock.SHARED ? LOCK_SH : lock == Lock.EXCLUSIVE ? LOCK_EX : LOCK_UN;
            return LibC.result(PosixNatives.flock(fd, how | LOCK_NB));
        }
        memory.asSlice(0, FLOCK_BYTES).fill((byte) 0); // from the start of the file to its end, wherever that will be
        memory.set(JAVA_SHORT, 0, lock.number);
        return LibC.fcntl(fd, F_OFD_SETLK, memory.address());
    }

    /** The locks of files, as Linux numbers them. */
    public enum Lock {
        /** {@code F_RDLCK}. */
        SHARED(0),
        /** {@code F_WRLCK}. */
        EXCLUSIVE(1),
        /** {@code F_UNLCK}. */
        NONE(2);

        private final short number;

        Lock(int number) {
            this.number = (short) number;
        }
    }

    /** How many bytes the two times take that are set together. */
    public static final int TIMES_BYTES = 4 * Long.BYTES;

    /**
     * Writes one of the two times that are set together: when it was last read, and when it was last changed.
     *
     * @param times {@link #TIMES_BYTES}
     * @param second whether it is the second
     * @param seconds since the epoch
     * @param nanos of a second; or one of {@link #NANOS_NOW} and {@link #NANOS_OMIT}
     */
    public static void time(MemorySegment times, boolean second, long seconds, long nanos) {
        int place = second ? 2 * Long.BYTES : 0;
        times.set(JAVA_LONG, place, seconds);
        times.set(JAVA_LONG, place + Long.BYTES, nanos);
    }

    /** Instead of the nanoseconds of a time: it becomes that of the call. */
    public static final long NANOS_NOW = HERE.isLinux() ? (1 << 30) - 1 : -1;

    /** Instead of the nanoseconds of a time: it stays. */
    public static final long NANOS_OMIT = HERE.isLinux() ? (1 << 30) - 2 : -2;

    /**
     * Sets the times of an open file.
     *
     * @param fd the file
     * @param times both
     * @return 0, or the negative errno
     */
    public static int setTimes(int fd, MemorySegment times) {
        return LibC.result(PosixNatives.futimens(fd, times.address()));
    }

    /**
     * Sets the times of what a name leads to, without opening it.
     *
     * @param name of a string; a symbolic link is followed
     * @param times both
     * @return 0, or the negative errno
     */
    public static int setTimes(long name, MemorySegment times) {
        return LibC.result(PosixNatives.utimensat(ABI.currentDirectory, name, times.address(), 0));
    }

    /**
     * Gives what a name leads to another name: an open file by that under which {@code /proc} has it.
     *
     * @param name of a string; a symbolic link is followed
     * @param otherName of a string
     * @return 0, or the negative errno
     */
    public static int linkFollowed(long name, long otherName) {
        return LibC.result(
                PosixNatives.linkat(ABI.currentDirectory, name, ABI.currentDirectory, otherName, AT_SYMLINK_FOLLOW));
    }

    /**
     * Brings a file to the device.
     *
     * @param fd the file
     * @return 0 or more, or the negative errno
     */
    public static int fsync(int fd) {
        if (HERE.os() == Abi.Os.MACOS) {
            int result = LibC.fcntl(fd, F_FULLFSYNC, 0);
            if (result >= 0) {
                return result;
            }
        }
        return LibC.result(PosixNatives.fsync(fd));
    }

    /**
     * Brings a file's content to the device.
     *
     * @param fd the file
     * @return 0 or more, or the negative errno
     */
    public static int fdatasync(int fd) {
        return switch (HERE.os()) {
            case LINUX -> LibC.result(LinuxNatives.fdatasync(fd));
            case FREEBSD -> LibC.result(FreeBsdNatives.fdatasync(fd));
            case MACOS -> fsync(fd);
        };
    }

    /**
     * Sets the size of a file.
     *
     * @param fd the file
     * @param length its new size
     * @return 0, or the negative errno
     */
    public static int ftruncate(int fd, long length) {
        while (true) {
            int result = LibC.result(PosixNatives.ftruncate(fd, length));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Reserves space for a file; not on macOS.
     *
     * @param fd the file
     * @param offset where it begins
     * @param length how much
     * @return 0, or the negative errno
     */
    public static int allocate(int fd, long offset, long length) {
        while (true) {
            int result = HERE.isLinux()
                    ? LibC.result(LinuxNatives.fallocate(fd, 0, offset, length))
                    : -FreeBsdNatives.posix_fallocate(fd, offset, length);
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }

    /**
     * Tells about a file: on Linux as {@code statx} does, elsewhere as {@code fstatat}.
     *
     * @param directory what the name is relative to; the file itself if the name is empty
     * @param name of a string
     * @param named whether it is not empty
     * @param noFollow whether a symbolic link itself is meant
     * @param status where the struct goes
     * @return 0, or the negative errno
     */
    public static int stat(int directory, long name, boolean named, boolean noFollow, long status) {
        int flags = noFollow ? ABI.statNoFollow : 0;
        if (HERE.isLinux()) {
            flags |= named ? 0 : FileAbi.AT_EMPTY_PATH;
            return (int) LinuxLibC.syscall(ABI.sysStatx, directory, name, flags, FileAbi.STATX_BASIC_STATS, status, 0);
        }
        return LibC.result(
                named ? BsdNatives.fstatat(directory, name, status, flags) : BsdNatives.fstat(directory, status));
    }

    /**
     * Makes a directory.
     *
     * @param directory what the name is relative to
     * @param name of a string
     * @param mode its permissions
     * @return 0, or the negative errno
     */
    public static int mkdirat(int directory, long name, int mode) {
        return LibC.result(PosixNatives.mkdirat(directory, name, mode));
    }

    /**
     * Removes a name.
     *
     * @param directory what the name is relative to
     * @param name of a string
     * @param ofDirectory whether it is that of an empty directory
     * @return 0, or the negative errno
     */
    public static int unlinkat(int directory, long name, boolean ofDirectory) {
        return LibC.result(PosixNatives.unlinkat(directory, name, ofDirectory ? ABI.removeDirectory : 0));
    }

    /**
     * Renames.
     *
     * @param directory what the name is relative to
     * @param name of a string
     * @param otherDirectory what the new name is relative to
     * @param otherName of a string
     * @param exclusive whether the new name must be free; not on FreeBSD
     * @return 0, or the negative errno
     */
    public static int rename(int directory, long name, int otherDirectory, long otherName, boolean exclusive) {
        if (!exclusive) {
            return LibC.result(PosixNatives.renameat(directory, name, otherDirectory, otherName));
        }
        return HERE.isLinux()
                ? (int) LinuxLibC.syscall(
                        ABI.sysRenameat2, directory, name, otherDirectory, otherName, FileAbi.RENAME_NOREPLACE, 0)
                : LibC.result(MacNatives.renameatx_np(directory, name, otherDirectory, otherName, RENAME_EXCL));
    }

    /**
     * Gives a file another name; a symbolic link itself gets it.
     *
     * @param directory what the name is relative to
     * @param name of a string
     * @param otherDirectory what the new name is relative to
     * @param otherName of a string
     * @return 0, or the negative errno
     */
    public static int linkat(int directory, long name, int otherDirectory, long otherName) {
        return LibC.result(PosixNatives.linkat(directory, name, otherDirectory, otherName, 0));
    }

    /**
     * Makes a symbolic link.
     *
     * @param target of a string: what it says
     * @param directory what the name is relative to
     * @param name of a string
     * @return 0, or the negative errno
     */
    public static int symlinkat(long target, int directory, long name) {
        return LibC.result(PosixNatives.symlinkat(target, directory, name));
    }

    /**
     * Copies from a file to a socket or a pipe inside the kernel, on Linux.
     *
     * @param out to what
     * @param in the file
     * @param offset of a long: where in the file
     * @param count how many bytes at most
     * @return how many, 0 at the end of the file, or the negative errno
     */
    public static long sendfile(int out, int in, long offset, long count) {
        while (true) {
            long result = LibC.result(LinuxNatives.sendfile(out, in, offset, count));
            if (result != -LibC.EINTR) {
                return result;
            }
        }
    }
}
