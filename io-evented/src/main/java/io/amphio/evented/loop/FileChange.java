package io.amphio.evented.loop;

import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import java.util.Objects;
import java.util.function.Consumer;

/** Changes a file or its names, or brings changes to the device; there is no result but that it was done. */
public final class FileChange extends FileOperation {
    private final Consumer<? super FileChange> callback;

    private FileChange(Operation.Kind kind, LoopHandle file, Consumer<? super FileChange> callback) {
        super(kind, file);
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    private FileChange(Operation.Kind kind, FileName name, Consumer<? super FileChange> callback) {
        super(kind, name);
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    private FileChange(Operation.Kind kind, FileName name, FileName second, Consumer<? super FileChange> callback) {
        super(kind, name, second);
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    /**
     * Brings content and status of a file to the device.
     *
     * @param file which
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange sync(LoopFile file, Consumer<? super FileChange> callback) {
        return new FileChange(Operation.Kind.SYNC, file, callback);
    }

    /**
     * Brings the names in a directory to the device: what was created, renamed and deleted there.
     *
     * @param directory which
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange sync(LoopDirectory directory, Consumer<? super FileChange> callback) {
        return new FileChange(Operation.Kind.SYNC, directory, callback);
    }

    /**
     * Brings the content of a file to the device, and of its status what it takes to read that.
     *
     * @param file which
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange dataSync(LoopFile file, Consumer<? super FileChange> callback) {
        return new FileChange(Operation.Kind.DATA_SYNC, file, callback);
    }

    /**
     * Sets the size of a file: cuts it off, or fills it up with zeros.
     *
     * @param file opened for writing
     * @param size in bytes
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange truncate(LoopFile file, long size, Consumer<? super FileChange> callback) {
        FileChange change = new FileChange(Operation.Kind.TRUNCATE, file, callback);
        change.operation.setRange(-1, checkPositive("truncate", "size", size, 0));
        return change;
    }

    /**
     * Reserves space for a part of a file; its size grows to the end of that, if it was less.
     *
     * @param file opened for writing
     * @param offset where it begins
     * @param length how many bytes, at least one
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange allocate(LoopFile file, long offset, long length, Consumer<? super FileChange> callback) {
        FileChange change = new FileChange(Operation.Kind.ALLOCATE, file, callback);
        change.operation.setRange(
                checkPositive("allocate", "offset", offset, 0), checkPositive("allocate", "length", length, 1));
        return change;
    }

    private static long checkPositive(String verb, String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(verb + ": the " + what + " is " + value);
        }
        return value;
    }

    /**
     * Renames a file or a directory.
     *
     * @param from its name
     * @param to its new name
     * @param replace whether it takes the place of what has that name already; if not, that is EEXIST
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange rename(
            FileName from, FileName to, boolean replace, Consumer<? super FileChange> callback) {
        FileChange change = new FileChange(Operation.Kind.RENAME, from, to, callback);
        change.operation.setFlags(replace ? 0 : OpenFlags.EXCLUSIVE, 0);
        return change;
    }

    /**
     * Gives a file a second name.
     *
     * @param file its name; a symbolic link itself gets the second
     * @param link the second name
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange link(FileName file, FileName link, Consumer<? super FileChange> callback) {
        return new FileChange(Operation.Kind.LINK, file, link, callback);
    }

    /**
     * Makes a symbolic link.
     *
     * @param text what the link says
     * @param link its name
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange symbolicLink(String text, FileName link, Consumer<? super FileChange> callback) {
        return new FileChange(Operation.Kind.SYMLINK, FileName.of(text), link, callback);
    }

    /**
     * Removes a name of a file; the last one takes the file with it, once nobody has it open.
     *
     * @param file not a directory
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange unlink(FileName file, Consumer<? super FileChange> callback) {
        return new FileChange(Operation.Kind.UNLINK, file, callback);
    }

    /**
     * Removes a directory.
     *
     * @param directory an empty one
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange removeDirectory(FileName directory, Consumer<? super FileChange> callback) {
        FileChange change = new FileChange(Operation.Kind.UNLINK, directory, callback);
        change.operation.setFlags(OpenFlags.DIRECTORY, 0);
        return change;
    }

    /**
     * Makes a directory.
     *
     * @param directory its name
     * @param mode its permissions, as {@code chmod} has them, before the process's mask is taken off
     * @param callback told when it has ended
     * @return the change, not submitted
     */
    public static FileChange makeDirectory(FileName directory, int mode, Consumer<? super FileChange> callback) {
        FileChange change = new FileChange(Operation.Kind.MAKE_DIRECTORY, directory, callback);
        change.operation.setFlags(0, mode);
        return change;
    }

    @Override
    void callBack() {
        callback.accept(this);
    }
}
