package io.amphio.evented.backend.fd;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.amphio.evented.backend.FileStatus;
import io.amphio.evented.ffi.FileAbi.StatLayout;
import java.lang.foreign.MemorySegment;

/** Reads what the kernel tells about a file. */
public final class Stat {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long UNSIGNED = 0xffff_ffffL;
    private static final int PERMISSIONS = 07777;
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;

    private Stat() {}

    /**
     * Reads it.
     *
     * @param from where it is, at the start
     * @param at where its fields are
     * @return what it says
     */
    public static FileStatus read(MemorySegment from, StatLayout at) {
        int mode = from.get(JAVA_SHORT, at.mode()) & 0xffff;
        return new FileStatus(
                type(mode & TYPE),
                from.get(JAVA_LONG, at.fileSize()),
                mode & PERMISSIONS,
                device(from, at),
                from.get(JAVA_LONG, at.inode()),
                links(from, at),
                from.get(JAVA_INT, at.userId()) & UNSIGNED,
                from.get(JAVA_INT, at.groupId()) & UNSIGNED,
                time(from, at.accessed()),
                time(from, at.modified()),
                time(from, at.changed()));
    }

    private static FileStatus.Type type(int bits) {
        return switch (bits) {
            case REGULAR -> FileStatus.Type.REGULAR;
            case DIRECTORY -> FileStatus.Type.DIRECTORY;
            case LINK -> FileStatus.Type.SYMBOLIC_LINK;
            default -> FileStatus.Type.OTHER;
        };
    }

    private static long links(MemorySegment from, StatLayout at) {
        return switch (at.linksBytes()) {
            case 2 -> from.get(JAVA_SHORT, at.links()) & 0xffff;
            case 4 -> from.get(JAVA_INT, at.links()) & UNSIGNED;
            default -> from.get(JAVA_LONG, at.links());
        };
    }

    private static long device(MemorySegment from, StatLayout at) {
        return switch (at.deviceBytes()) {
            case 4 -> from.get(JAVA_INT, at.device()) & UNSIGNED;
            case 8 -> from.get(JAVA_LONG, at.device());
            default ->
                joined(from.get(JAVA_INT, at.device()) & UNSIGNED, from.get(JAVA_INT, at.device() + 4) & UNSIGNED);
        };
    }

    /** One number of major and minor, put together as the C library of Linux does. */
    private static long joined(long major, long minor) {
        return ((major & 0xfff) << 8) | ((major & ~0xfffL) << 32) | (minor & 0xff) | ((minor & ~0xffL) << 12);
    }

    /** The nanoseconds are an int on Linux, and elsewhere a long, little-endian, of which the low half has it all. */
    private static long time(MemorySegment from, int at) {
        return from.get(JAVA_LONG, at) * NANOS_PER_SECOND + from.get(JAVA_INT, at + 8L);
    }
}
