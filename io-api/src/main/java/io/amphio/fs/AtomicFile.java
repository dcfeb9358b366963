package io.amphio.fs;

import io.amphio.CancelProtection;
import io.amphio.Io;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * A file that gets its name only when it is complete: others see all of it, or what was there before. Until {@link #commit} it has
 * a temporary name in the same directory, and {@link #close} without a commit deletes it.
 *
 * <p>If the process dies before that, the temporary file stays; its name begins with a dot and ends in {@code .tmp}.
 *
 * <p><b>Threads:</b> one task at a time; the file itself as any {@link File}.
 */
public final class AtomicFile implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.amphio.fs");

    private final Io io; // of who created it: for the close, which gets none
    private final Dir dir; // in which it is; ours
    private final String name;
    private final String temporary;
    private final AtomicOptions options;
    private final File file;
    private boolean closed; // the using task
    private boolean committed; // the using task

    private AtomicFile(Io io, Dir dir, String name, String temporary, AtomicOptions options, File file) {
        this.io = io;
        this.dir = dir;
        this.name = name;
        this.temporary = temporary;
        this.options = options;
        this.file = file;
    }

    static AtomicFile create(Io io, Dir dir, String name, AtomicOptions options) throws IOException {
        int end = DirPaths.parentEnd(name, name.length());
        String parent = end < 0 ? "." : end == 0 ? "/" : name.substring(0, end);
        String last = name.substring(name.lastIndexOf('/') + 1);
        if (last.isEmpty() || last.equals(".") || last.equals("..")) {
            throw new IllegalArgumentException("create \"" + name + "\": not the name of a file");
        }
        if (options.isMakingPath() && end > 0) {
            dir.createDirPath(io, parent);
        }
        Dir own = dir.openDir(io, parent); // so that all of it happens in one place, whoever renames that meanwhile
        try {
            OpenOptions how =
                    OpenOptions.readingAndWriting().createNew().noFollow().permissions(options.permissions());
            return TemporaryNames.create(io, ".", random -> {
                String temporary = random + ".tmp";
                return new AtomicFile(io, own, last, temporary, options, own.open(io, temporary, how));
            });
        } catch (IOException | RuntimeException | Error failure) {
            own.close();
            throw failure;
        }
    }

    /** Returns the file, to be written and read until the commit, which closes it. */
    public File file() {
        return file;
    }

    /**
     * Gives it its name and closes it. Cancellation point. If it throws, the file does not have the name, but for one case: it was
     * to be {@linkplain AtomicOptions#synced synced}, and bringing the name to the device failed or was canceled. Then
     * {@link #isCommitted} says so.
     *
     * @param committer who waits
     * @throws java.nio.file.FileAlreadyExistsException if something has the name, and was not to be replaced; it may be
     *     tried again
     * @throws IOException if the system refuses
     */
    public void commit(Io committer) throws IOException {
        if (closed || committed) {
            throw new IllegalStateException("commit " + this + ": it is " + (committed ? "committed" : "closed"));
        }
        if (options.isSynced() && file.isOpen()) {
            file.sync(committer);
        }
        if (options.isReplacing()) {
            dir.rename(committer, temporary, dir, name);
        } else {
            dir.renameNew(committer, temporary, dir, name);
        }
        committed = true;
        file.close();
        if (options.isSynced()) {
            dir.sync(committer);
        }
    }

    /** Returns whether the file has its name. */
    public boolean isCommitted() {
        return committed;
    }

    /** Deletes it, unless it was committed. Idempotent; waits for that, and is not a cancellation point. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        file.close();
        if (!committed) {
            CancelProtection before = io.swapCancelProtection(CancelProtection.BLOCKED);
            try {
                dir.delete(io, temporary);
            } catch (IOException | RuntimeException e) { // the runtime is closed, say
                LOG.log(Level.WARNING, () -> "a temporary file is left: " + temporary + " for " + this, e);
            } finally {
                io.swapCancelProtection(before);
            }
        }
        dir.close();
    }

    @Override
    public String toString() {
        return "AtomicFile[" + dir.path().resolve(name) + (committed ? ", committed]" : "]");
    }
}
