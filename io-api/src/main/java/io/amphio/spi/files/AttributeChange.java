package io.amphio.spi.files;

import io.amphio.fs.TimeChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A change of what is told about a file. */
public sealed interface AttributeChange {
    /**
     * Who may do what.
     *
     * @param mode as {@code chmod} has it
     */
    record Permissions(int mode) implements AttributeChange {
        /** Checks that it is one. */
        public Permissions {
            if ((mode & ~07777) != 0) {
                throw new IllegalArgumentException("permissions 0" + Integer.toOctalString(mode));
            }
        }
    }

    /**
     * Who owns it.
     *
     * @param userId null for as it is
     * @param groupId null for as it is
     */
    record Owner(@Nullable Integer userId, @Nullable Integer groupId) implements AttributeChange {}

    /**
     * Its times.
     *
     * @param accessed when it was last read
     * @param modified when it was last changed
     */
    record Times(TimeChange accessed, TimeChange modified) implements AttributeChange {
        /** Makes the change by what the JDK has for it, which leaves what is null. */
        void apply(BasicFileAttributeView view) throws IOException {
            Instant now = Instant.now();
            view.setTimes(time(modified, now), time(accessed, now), null);
        }

        @SuppressWarnings("ReferenceEquality") // the two constants are identities
        private static @Nullable FileTime time(TimeChange change, Instant now) {
            if (change == TimeChange.LEAVE) {
                return null;
            }
            Instant instant = change.instant();
            return FileTime.from(instant == null ? now : instant);
        }
    }

    /** Makes the change to what has that path, following a symbolic link. */
    default void apply(Path path) throws IOException {
        switch (this) {
            case Permissions(int mode) -> Files.setAttribute(path, "unix:mode", mode);
            case Owner(Integer userId, Integer groupId) -> {
                if (userId != null) {
                    Files.setAttribute(path, "unix:uid", userId);
                }
                if (groupId != null) {
                    Files.setAttribute(path, "unix:gid", groupId);
                }
                if (userId == null && groupId == null) {
                    path.getFileSystem().provider().checkAccess(path); // it has to be there all the same
                }
            }
            case Times times -> {
                BasicFileAttributeView view = Files.getFileAttributeView(path, BasicFileAttributeView.class);
                ProcessLocks.opening(JdkStat.of(view.readAttributes()).key(), () -> times.apply(view));
            }
        }
    }
}
