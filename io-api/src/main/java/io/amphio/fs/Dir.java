package io.amphio.fs;

import io.amphio.Io;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open directory. Names are relative to it and may have several parts, separated by {@code /}.
 *
 * <p>Where the kernel gives a handle of it, names stay relative to this very directory when somebody renames it; elsewhere they
 * follow its name ({@code docs/support.md}).
 *
 * <p><b>Threads:</b> every method may be called from any task and from any plain thread.<br>
 * <b>Waiting:</b> only the caller waits; no event loop does.<br>
 * <b>Cancel:</b> each method is a cancellation point: it throws and has had no effect, or it is done and the request stays
 * pending. What has begun usually cannot be stopped and is awaited. Compound methods say so.<br>
 * <b>Errors:</b> an {@link IOException} that names the operation, the path and errno; {@link UnsupportedOperationException} for
 * what this {@code Io} cannot do; {@link IllegalArgumentException} for a name with a NUL in it.
 */
public interface Dir extends AutoCloseable {
    /** Opens a file. */
    File open(Io io, String name, OpenOptions options) throws IOException;

    /** Opens a directory below. */
    Dir openDir(Io io, String name) throws IOException;

    /** Makes a directory. */
    default void createDir(Io io, String name) throws IOException {
        createDir(io, name, 0777);
    }

    /** Makes a directory with these permissions, before the process's mask is taken off. */
    void createDir(Io io, String name, int permissions) throws IOException;

    /**
     * Makes a directory and those above it that are not there yet; all may be there already. Compound: canceled, some may have
     * been made.
     */
    default void createDirPath(Io io, String name) throws IOException {
        DirPaths.create(io, this, name);
    }

    /** Makes a directory as {@link #createDirPath} does, and opens it. */
    default Dir createAndOpenDirPath(Io io, String name) throws IOException {
        createDirPath(io, name);
        return openDir(io, name);
    }

    /** Removes a name of a file; that of a directory is EISDIR. */
    void delete(Io io, String name) throws IOException;

    /** Removes an empty directory. */
    void deleteDir(Io io, String name) throws IOException;

    /**
     * Removes a file, or a directory and all below it; nothing happens if it is not there. Symbolic links are removed and not
     * followed, also those that somebody puts there meanwhile; and what others remove meanwhile is no error. However deep it is, it
     * takes little memory and few handles. Compound: canceled, some of it may be gone.
     */
    default void deleteTree(Io io, String name) throws IOException {
        new TreeDeletion(this, name).run(io);
    }

    /**
     * Opens a directory below for {@link #deleteTree}: never by a symbolic link (ELOOP or ENOTDIR), and so that names stay relative
     * to this very directory, where the system can.
     */
    Dir openDirNoFollow(Io io, String name) throws IOException;

    /**
     * Renames, also to another directory, in place of what has that name there.
     *
     * @param io who waits
     * @param name its name
     * @param to of the same {@code Io}
     * @param newName its new name there
     */
    void rename(Io io, String name, Dir to, String newName) throws IOException;

    /**
     * Renames, and refuses (EEXIST) if something has that name. Where the kernel cannot do it at once, a file gets the second name
     * before it loses the first, so that it may be seen under both; a directory is refused as unsupported.
     *
     * @param io who waits
     * @param name its name
     * @param to of the same {@code Io}
     * @param newName its new name there
     */
    void renameNew(Io io, String name, Dir to, String newName) throws IOException;

    /**
     * Gives a file a second name; a symbolic link itself gets it.
     *
     * @param io who waits
     * @param name its name
     * @param to of the same {@code Io}
     * @param newName its second name there
     */
    void link(Io io, String name, Dir to, String newName) throws IOException;

    /**
     * Makes a symbolic link.
     *
     * @param io who waits
     * @param target what it says
     * @param name of the link
     */
    void symbolicLink(Io io, String target, String name) throws IOException;

    /** Returns what a symbolic link says; of anything else EINVAL. */
    String readLink(Io io, String name) throws IOException;

    /** Returns the absolute name without symbolic links of what is there. */
    Path realPath(Io io, String name) throws IOException;

    /** Returns the absolute name of this directory without symbolic links. */
    default Path realPath(Io io) throws IOException {
        return realPath(io, ".");
    }

    /** Tells about a file; of a symbolic link, about what it leads to. */
    default FileStat stat(Io io, String name) throws IOException {
        return stat(io, name, true);
    }

    /** Tells about a file; {@code follow} says whether about what a symbolic link leads to, or about the link itself. */
    FileStat stat(Io io, String name, boolean follow) throws IOException;

    /** Tells about this directory. */
    default FileStat stat(Io io) throws IOException {
        return stat(io, ".", true);
    }

    /** Throws unless it is there and may be used like that: EACCES. Without modes: unless it is there. */
    void access(Io io, String name, Set<AccessMode> modes) throws IOException;

    /** Sets permissions, as {@code chmod} has them. A symbolic link is followed. */
    void setPermissions(Io io, String name, int permissions) throws IOException;

    /** Sets the permissions of this directory. */
    default void setPermissions(Io io, int permissions) throws IOException {
        setPermissions(io, ".", permissions);
    }

    /** Sets who owns it, by number; null leaves that as it is. A symbolic link is followed. */
    void setOwner(Io io, String name, @Nullable Integer userId, @Nullable Integer groupId) throws IOException;

    /** Sets when it was last read and changed. A symbolic link is followed. */
    void setTimes(Io io, String name, TimeChange accessed, TimeChange modified) throws IOException;

    /** Sets when this directory was last read and changed. */
    default void setTimes(Io io, TimeChange accessed, TimeChange modified) throws IOException {
        setTimes(io, ".", accessed, modified);
    }

    /** Lists the names here; the caller closes the list. */
    default DirList list(Io io) throws IOException {
        return list(io, ".");
    }

    /** Lists the names in a directory below; the caller closes the list. */
    DirList list(Io io, String name) throws IOException;

    /** Lists all that is below, level by level as {@code options} say; never waits, the caller closes it. */
    default DirWalk walk(WalkOptions options) {
        return new DirWalk(this, options);
    }

    /** Brings the names in this directory to the device: what was created, renamed and deleted. */
    void sync(Io io) throws IOException;

    /**
     * Begins a file that gets its name only when it is complete. Cancellation point: if it throws, nothing is left but maybe
     * directories that were to be made.
     */
    default AtomicFile createAtomic(Io io, String name, AtomicOptions options) throws IOException {
        return AtomicFile.create(io, this, name, options);
    }

    /**
     * Creates a file here that was not there before, for reading and writing, that only its owner may open; {@link File#path} ends
     * in its name. The caller deletes it.
     */
    default File createTemporary(Io io, String prefix) throws IOException {
        OpenOptions options =
                OpenOptions.readingAndWriting().createNew().permissions(0600).noFollow();
        return TemporaryNames.create(io, prefix, name -> open(io, name, options));
    }

    /**
     * Makes a directory here that was not there before, that only its owner may enter; {@link #path} of it ends in its name. The
     * caller deletes it.
     */
    default Dir createTemporaryDir(Io io, String prefix) throws IOException {
        return TemporaryNames.create(io, prefix, name -> {
            createDir(io, name, 0700);
            return openDir(io, name);
        });
    }

    /** Returns what it was opened as. */
    Path path();

    /** Returns whether no name leads out of it. */
    boolean isConfined();

    /** Returns whether {@link #close} was not called yet. */
    boolean isOpen();

    /** Closes it; files and directories that were opened from it stay open. Idempotent; not a cancellation point. */
    @Override
    void close();
}
