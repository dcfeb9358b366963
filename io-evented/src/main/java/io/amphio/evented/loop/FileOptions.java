package io.amphio.evented.loop;

import io.amphio.evented.backend.OpenFlags;

/**
 * How to open a file: the bits of the system's {@code open}, by name. Immutable; each method returns other options.
 *
 * <p>{@code FileOptions.reading()}; {@code FileOptions.writing().create().truncate()}.
 */
public final class FileOptions {
    private static final int DEFAULT_MODE = 0666;

    private final int flags;
    private final int mode;

    private FileOptions(int flags, int mode) {
        this.flags = flags;
        this.mode = mode;
    }

    private FileOptions with(int flag) {
        return new FileOptions(flags | flag, mode);
    }

    /**
     * To read it.
     *
     * @return options
     */
    public static FileOptions reading() {
        return new FileOptions(OpenFlags.READ, DEFAULT_MODE);
    }

    /**
     * To write it.
     *
     * @return options
     */
    public static FileOptions writing() {
        return new FileOptions(OpenFlags.WRITE, DEFAULT_MODE);
    }

    /**
     * To read and to write it.
     *
     * @return options
     */
    public static FileOptions readingAndWriting() {
        return new FileOptions(OpenFlags.READ | OpenFlags.WRITE, DEFAULT_MODE);
    }

    /**
     * To write at its end only, whatever the offset of a write says.
     *
     * @return options
     */
    public static FileOptions appending() {
        return new FileOptions(OpenFlags.WRITE | OpenFlags.APPEND, DEFAULT_MODE);
    }

    /**
     * And makes it if it is not there.
     *
     * @return other options
     */
    public FileOptions create() {
        return with(OpenFlags.CREATE);
    }

    /**
     * And makes it; if it is there already, that is EEXIST.
     *
     * @return other options
     */
    public FileOptions createNew() {
        return with(OpenFlags.CREATE | OpenFlags.EXCLUSIVE);
    }

    /**
     * And throws away what it holds.
     *
     * @return other options
     * @throws IllegalStateException if these are not for writing
     */
    public FileOptions truncate() {
        if ((flags & OpenFlags.WRITE) == 0) {
            throw new IllegalStateException("truncate a file that is only opened for reading");
        }
        return with(OpenFlags.TRUNCATE);
    }

    /**
     * And does not follow the name if it is a symbolic link: that is ELOOP.
     *
     * @return other options
     */
    public FileOptions noFollow() {
        return with(OpenFlags.NO_FOLLOW);
    }

    /**
     * And stays below the directory that the name is relative to, whatever {@code ..} and symbolic links say: else EXDEV.
     *
     * @return other options
     */
    public FileOptions beneath() {
        return with(OpenFlags.BENEATH);
    }

    /**
     * And brings each write to the device before it ends.
     *
     * @param status whether also the file's status, as {@link FileChange#sync} does
     * @return other options
     */
    public FileOptions synced(boolean status) {
        return with(status ? OpenFlags.SYNC : OpenFlags.DATA_SYNC);
    }

    /**
     * With these permissions, if it is created.
     *
     * @param permissions as {@code chmod} has them, before the process's mask is taken off; 0666 octal if not said
     * @return other options
     */
    public FileOptions mode(int permissions) {
        return new FileOptions(flags, permissions);
    }

    int flags() {
        return flags;
    }

    int mode() {
        return mode;
    }
}
