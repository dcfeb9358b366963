package io.amphio.fs;

/**
 * How a file is made that gets its name only when it is complete. Immutable; each method returns other options.
 *
 * @param isReplacing whether it takes the place of what has the name; if not, that is EEXIST
 * @param isMakingPath whether the directories above it are made if they are missing
 * @param isSynced whether content and name are on the device when it is committed
 * @param permissions as {@code chmod} has them, before the process's mask is taken off
 */
public record AtomicOptions(boolean isReplacing, boolean isMakingPath, boolean isSynced, int permissions) {
    /** Options for a file that takes the place of what has its name. */
    public static AtomicOptions replacing() {
        return new AtomicOptions(true, false, false, 0666);
    }

    /** Options for a file whose name must be free when it is committed. */
    public static AtomicOptions linking() {
        return new AtomicOptions(false, false, false, 0666);
    }

    /** Returns these options, and the directories above it are made if they are missing. */
    public AtomicOptions makePath() {
        return new AtomicOptions(isReplacing, true, isSynced, permissions);
    }

    /** Returns these options, and when it is committed, content and name are on the device. */
    public AtomicOptions synced() {
        return new AtomicOptions(isReplacing, isMakingPath, true, permissions);
    }

    /** Returns these options, with these permissions. */
    public AtomicOptions permissions(int mode) {
        return new AtomicOptions(isReplacing, isMakingPath, isSynced, mode);
    }
}
