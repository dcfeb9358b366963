package io.amphio.fs;

import io.amphio.Io;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * All that is below a directory, each directory before what is in it, in no other order. What is created or deleted meanwhile may
 * be told or not; a directory that is deleted before it is entered counts as empty.
 *
 * <p>It holds two handles for each level that it is in.
 *
 * <p><b>Threads:</b> one task at a time.
 */
public final class DirWalk implements AutoCloseable {
    /** A directory that the walk is in. */
    private record Level(
            Dir dir, DirList list, String prefix, @Nullable FileKey key) {
        void close() {
            list.close();
            dir.close();
        }
    }

    private final Dir root;
    private final WalkOptions options;
    private final Deque<Level> levels = new ArrayDeque<>(); // the walking task: the innermost first
    private @Nullable WalkEntry toEnter; // the walking task: a directory that was told and is not yet entered
    private boolean begun; // the walking task
    private boolean closed; // the walking task

    DirWalk(Dir root, WalkOptions options) {
        this.root = root;
        this.options = options;
    }

    /**
     * Returns the next. Cancellation point; canceled, it goes on where it was. If a directory cannot be read, that is thrown once,
     * and the walk goes on behind it.
     *
     * @param io who waits
     * @return the next, or none at the end
     * @throws IOException if the system refuses, or this is closed
     */
    public Option<WalkEntry> next(Io io) throws IOException {
        if (closed) {
            throw new IOException("walk " + root.path() + ": the walk is closed");
        }
        if (!begun) {
            Dir top = root.openDir(io, "."); // of its own: the caller may close the other one
            begun = true;
            push(io, top, "");
        }
        enterTold(io);
        while (!levels.isEmpty()) {
            Level level = levels.getFirst();
            Option<DirEntry> next = nextOf(io, level);
            if (next.isDefined()) {
                return Option.of(tell(io, level, next.get()));
            }
            levels.removeFirst().close();
        }
        return Option.none();
    }

    private Option<DirEntry> nextOf(Io io, Level level) throws IOException {
        try {
            return level.list.next(io);
        } catch (IOException unreadable) {
            levels.remove(level);
            level.close();
            throw unreadable;
        }
    }

    private WalkEntry tell(Io io, Level level, DirEntry entry) throws IOException {
        String path = level.prefix.isEmpty() ? entry.name() : level.prefix + "/" + entry.name();
        FileKind kind = entry.kind();
        if (kind == FileKind.SYMBOLIC_LINK && options.isFollowing() && leadsOn(io, level, entry.name())) {
            kind = FileKind.DIRECTORY;
        }
        WalkEntry told = new WalkEntry(path, entry.name(), kind, levels.size());
        if (kind == FileKind.DIRECTORY && levels.size() < options.maxDepth()) {
            toEnter = told;
        }
        return told;
    }

    /** Whether it leads to a directory that the walk is not in already. */
    private boolean leadsOn(Io io, Level level, String name) throws IOException {
        FileStat stat;
        try {
            stat = level.dir.stat(io, name, true);
        } catch (java.nio.file.FileSystemException dangling) {
            return false;
        }
        FileKey key = stat.key();
        return stat.kind() == FileKind.DIRECTORY
                && key != null
                && levels.stream().noneMatch(each -> key.equals(each.key));
    }

    private void enterTold(Io io) throws IOException {
        WalkEntry told = toEnter;
        if (told == null) {
            return;
        }
        Dir parent = levels.getFirst().dir;
        Dir entered;
        try {
            entered = options.isFollowing() ? parent.openDir(io, told.name()) : parent.openDirNoFollow(io, told.name());
        } catch (NoSuchFileException deletedMeanwhile) {
            toEnter = null;
            return;
        } catch (IOException refused) {
            toEnter = null;
            throw refused;
        }
        push(io, entered, told.path());
        toEnter = null;
    }

    private void push(Io io, Dir dir, String prefix) throws IOException {
        try {
            FileKey key = options.isFollowing() ? dir.stat(io).key() : null;
            levels.addFirst(new Level(dir, dir.list(io), prefix, key));
        } catch (IOException | RuntimeException | Error failure) {
            dir.close();
            throw failure;
        }
    }

    /** Does not enter the directory that was told last. */
    public void skip() {
        toEnter = null;
    }

    /** Ends it. Idempotent; not a cancellation point. */
    @Override
    public void close() {
        closed = true;
        levels.forEach(Level::close);
        levels.clear();
    }
}
