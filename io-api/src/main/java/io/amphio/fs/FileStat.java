package io.amphio.fs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the system tells about a file. A number is -1, and the rest null, where the system or the {@code Io} does not tell it.
 *
 * @param kind what it is
 * @param sizeBytes how much it holds
 * @param permissions as {@code chmod} has them: 0644 octal, say
 * @param key which file it is, whatever it is called
 * @param links how many names it has
 * @param userId who owns it
 * @param groupId which group owns it
 * @param accessed when it was last read
 * @param modified when its content last changed
 * @param changed when its status last changed
 * @param created when it was made
 */
public record FileStat(
        FileKind kind,
        long sizeBytes,
        int permissions,
        @Nullable FileKey key,
        long links,
        long userId,
        long groupId,
        @Nullable Instant accessed,
        @Nullable Instant modified,
        @Nullable Instant changed,
        @Nullable Instant created) {}
