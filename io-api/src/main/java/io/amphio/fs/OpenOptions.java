package io.amphio.fs;

/**
 * How to open a file. Immutable; each method returns other options: {@code OpenOptions.writing().create().truncate()}.
 *
 * @param isReading whether it can be read
 * @param isWriting whether it can be written
 * @param isAppending whether every write goes to the end
 * @param creation whether it is made
 * @param isTruncating whether what it held is thrown away
 * @param isFollowing whether a symbolic link at the end of the name is followed; if not, that is ELOOP
 * @param permissions of what is made, as {@code chmod} has them, before the process's mask is taken off
 */
public record OpenOptions(
        boolean isReading,
        boolean isWriting,
        boolean isAppending,
        Creation creation,
        boolean isTruncating,
        boolean isFollowing,
        int permissions) {
    private static final int DEFAULT_PERMISSIONS = 0666;
    private static final int ALL_PERMISSIONS = 0777;

    /** Whether a file is made. */
    public enum Creation {
        /** It has to be there. */
        NEVER,
        /** It is made if it is not there. */
        IF_MISSING,
        /** It is made, and must not be there already. */
        ALWAYS
    }

    /** Checks that they make sense together. */
    public OpenOptions {
        if (!isReading && !isWriting) {
            throw new IllegalArgumentException("a file opened neither to read nor to write");
        }
        if (isAppending && (isReading || !isWriting)) {
            throw new IllegalArgumentException("a file opened to append is written, and not read");
        }
        if (isTruncating && !isWriting) {
            throw new IllegalArgumentException("a file opened only to read cannot be truncated");
        }
        if ((permissions & ~ALL_PERMISSIONS) != 0) {
            throw new IllegalArgumentException("a file created with the permissions 0"
                    + Integer.toOctalString(permissions) + ": nothing but 0777");
        }
    }

    /** Returns options to read. */
    public static OpenOptions reading() {
        return new OpenOptions(true, false, false, Creation.NEVER, false, true, DEFAULT_PERMISSIONS);
    }

    /** Returns options to write. */
    public static OpenOptions writing() {
        return new OpenOptions(false, true, false, Creation.NEVER, false, true, DEFAULT_PERMISSIONS);
    }

    /** Returns options to read and to write. */
    public static OpenOptions readingAndWriting() {
        return new OpenOptions(true, true, false, Creation.NEVER, false, true, DEFAULT_PERMISSIONS);
    }

    /** Returns options to write at the end. */
    public static OpenOptions appending() {
        return new OpenOptions(false, true, true, Creation.NEVER, false, true, DEFAULT_PERMISSIONS);
    }

    /** Returns these options, and the file is made if it is not there. */
    public OpenOptions create() {
        return new OpenOptions(
                isReading, isWriting, isAppending, Creation.IF_MISSING, isTruncating, isFollowing, permissions);
    }

    /** Returns these options, and the file is made; it must not be there. */
    public OpenOptions createNew() {
        return new OpenOptions(
                isReading, isWriting, isAppending, Creation.ALWAYS, isTruncating, isFollowing, permissions);
    }

    /** Returns these options, and what the file held is thrown away. */
    public OpenOptions truncate() {
        return new OpenOptions(isReading, isWriting, isAppending, creation, true, isFollowing, permissions);
    }

    /** Returns these options, and a symbolic link at the end of the name is refused: ELOOP. */
    public OpenOptions noFollow() {
        return new OpenOptions(isReading, isWriting, isAppending, creation, isTruncating, false, permissions);
    }

    /** Returns these options, and what is made has these permissions, before the process's mask is taken off. */
    public OpenOptions permissions(int mode) {
        return new OpenOptions(isReading, isWriting, isAppending, creation, isTruncating, isFollowing, mode);
    }
}
