package io.amphio.evented.loop;

import io.amphio.evented.backend.FileStatus;
import java.time.Instant;

/**
 * What the system tells about a file. A number is -1 where the system, or the backend, does not tell it.
 *
 * @param type what it is
 * @param size in bytes
 * @param mode the permissions, as {@code chmod} has them
 * @param device on which it lies
 * @param inode its number there
 * @param links how many names it has
 * @param userId who owns it
 * @param groupId which group owns it
 * @param accessed when it was last read
 * @param modified when its content last changed
 * @param changed when its status last changed
 */
public record FileInfo(
        Type type,
        long size,
        int mode,
        long device,
        long inode,
        long links,
        long userId,
        long groupId,
        Instant accessed,
        Instant modified,
        Instant changed) {
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

    static FileInfo of(FileStatus status) {
        return new FileInfo(
                Type.valueOf(status.type().name()),
                status.size(),
                status.mode(),
                status.device(),
                status.inode(),
                status.links(),
                status.userId(),
                status.groupId(),
                instant(status.accessedNanos()),
                instant(status.modifiedNanos()),
                instant(status.changedNanos()));
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
