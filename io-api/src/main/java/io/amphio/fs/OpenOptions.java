package io.amphio.fs;

/**
 * How to open a file. Immutable; each method returns other options: {@code OpenOptions.writing().create().truncate()}.
 *
 * @param isReading whether it can be read
 * @param isWriting whether it can be written
 * @param isAppending whether every write goes to the end
 * @param creation whether it is made
 * @param isTruncating whether what it held is thrown away
 */
public record OpenOptions(
        boolean isReading, boolean isWriting, boolean isAppending, Creation creation, boolean isTruncating) {
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
    }

    /** Returns options to read. */
    public static OpenOptions reading() {
        return new OpenOptions(true, false, false, Creation.NEVER, false);
    }

    /** Returns options to write. */
    public static OpenOptions writing() {
        return new OpenOptions(false, true, false, Creation.NEVER, false);
    }

    /** Returns options to read and to write. */
    public static OpenOptions readingAndWriting() {
        return new OpenOptions(true, true, false, Creation.NEVER, false);
    }

    /** Returns options to write at the end. */
    public static OpenOptions appending() {
        return new OpenOptions(false, true, true, Creation.NEVER, false);
    }

    /** Returns these options, and the file is made if it is not there. */
    public OpenOptions create() {
        return new OpenOptions(isReading, isWriting, isAppending, Creation.IF_MISSING, isTruncating);
    }

    /** Returns these options, and the file is made; it must not be there. */
    public OpenOptions createNew() {
        return new OpenOptions(isReading, isWriting, isAppending, Creation.ALWAYS, isTruncating);
    }

    /** Returns these options, and what the file held is thrown away. */
    public OpenOptions truncate() {
        return new OpenOptions(isReading, isWriting, isAppending, creation, true);
    }
}
