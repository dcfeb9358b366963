package io.amphio.evented.backend;

import io.amphio.fs.FileKey;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileStat;
import java.time.Instant;

/**
 * What a system tells about a file. Times are nanoseconds since 1970.
 *
 * @param type what it is
 * @param size in bytes
 * @param mode the permissions, as {@code chmod} has them; -1 where the system has none
 * @param device on which it lies; -1 where the backend cannot tell
 * @param inode its number there; -1 where the backend cannot tell
 * @param links how many names it has; -1 where the backend cannot tell
 * @param userId who owns it; -1 where the backend cannot tell
 * @param groupId which group owns it; -1 where the backend cannot tell
 * @param accessedNanos when it was last read
 * @param modifiedNanos when its content last changed
 * @param changedNanos when its status last changed; as {@code modifiedNanos} where the backend cannot tell
 */
public record FileStatus(
        Type type,
        long size,
        int mode,
        long device,
        long inode,
        long links,
        long userId,
        long groupId,
        long accessedNanos,
        long modifiedNanos,
        long changedNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /**
     * Returns the same as tasks get it.
     *
     * @return the same, without the time at which it was made
     */
    public FileStat toStat() {
        return new FileStat(
                FileKind.valueOf(type.name()),
                size,
                mode,
                new FileKey(device, inode),
                links,
                userId,
                groupId,
                instant(accessedNanos),
                instant(modifiedNanos),
                instant(changedNanos),
                null);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** What a file is. */
    public enum Type {
        /** It holds bytes. */
        REGULAR,
        /** It holds names. */
        DIRECTORY,
        /** It holds the name of another. */
        SYMBOLIC_LINK,
        /** A pipe, a socket, a device. */
        OTHER
    }
}
