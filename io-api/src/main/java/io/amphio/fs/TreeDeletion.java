package io.amphio.fs;

import io.amphio.Io;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One deletion of a tree, from the leaves up, without recursion.
 *
 * <p>Only the innermost directories are open. In a tree that is deeper, the outer ones are closed on the way down, and when the
 * inner ones are gone the walk begins again at the top: it takes time, but neither stack nor handles. Every step is relative to an
 * open directory that was not reached by a symbolic link, so nobody can lead it out of the tree.
 */
final class TreeDeletion {
    private static final int MOST_OPEN = 128;
    private static final int MOST_REFILLS = 1_000; // somebody else keeps creating what we delete

    private record Level(Dir dir, DirList list, String name) {
        void close() {
            list.close();
            dir.close();
        }
    }

    private final Dir top;
    private final String name;
    private final Deque<Level> levels = new ArrayDeque<>(); // the innermost first
    private boolean outerClosed;
    private int refills;

    TreeDeletion(Dir top, String name) {
        this.top = top;
        this.name = name;
    }

    void run(Io io) throws IOException {
        try {
            while (!isGone(io)) {
                outerClosed = false;
                enter(io, top, name);
                while (!levels.isEmpty()) {
                    step(io);
                }
            }
        } finally {
            levels.forEach(Level::close);
        }
    }

    /** Returns true if there is nothing left, and false if it is a directory. */
    private boolean isGone(Io io) throws IOException {
        try {
            if (top.stat(io, name, false).kind() == FileKind.DIRECTORY) {
                return false;
            }
            top.delete(io, name);
        } catch (NoSuchFileException gone) {
            return true;
        }
        return true;
    }

    private void step(Io io) throws IOException {
        Level inner = levels.getFirst();
        Option<DirEntry> next = inner.list.next(io);
        if (next.isEmpty()) {
            leave(io);
        } else if (next.get().kind() == FileKind.DIRECTORY) {
            enter(io, inner.dir, next.get().name());
        } else {
            delete(io, inner.dir, next.get().name());
        }
    }

    private void enter(Io io, Dir parent, String child) throws IOException {
        if (levels.size() == MOST_OPEN) {
            levels.removeLast().close();
            outerClosed = true;
        }
        Dir opened;
        try {
            opened = parent.openDirNoFollow(io, child);
        } catch (NoSuchFileException gone) {
            return;
        } catch (FileSystemException refused) {
            if (!is(refused, "ENOTDIR") && !is(refused, "ELOOP")) {
                throw refused;
            }
            delete(io, parent, child); // somebody has put a file there
            return;
        }
        try {
            levels.addFirst(new Level(opened, opened.list(io), child));
        } catch (IOException | RuntimeException | Error failure) {
            opened.close();
            throw failure;
        }
    }

    private static void delete(Io io, Dir parent, String child) throws IOException {
        try {
            parent.delete(io, child);
        } catch (NoSuchFileException gone) {
            // by somebody else
        } catch (FileSystemException refused) {
            if (!is(refused, "EISDIR")) { // else somebody has put a directory there: its parent is not empty then
                throw refused;
            }
        }
    }

    private void leave(Io io) throws IOException {
        Level emptied = levels.removeFirst();
        emptied.close();
        if (levels.isEmpty() && outerClosed) {
            return; // it is found, and found empty, by the next walk
        }
        Dir parent = levels.isEmpty() ? top : levels.getFirst().dir;
        try {
            parent.deleteDir(io, emptied.name);
        } catch (NoSuchFileException gone) {
            // by somebody else
        } catch (FileSystemException refused) {
            if (!is(refused, "ENOTEMPTY") || ++refills > MOST_REFILLS) {
                throw refused;
            }
            if (!levels.isEmpty()) { // created meanwhile, or passed over by the list: so it is looked at again
                enter(io, parent, emptied.name);
            }
        }
    }

    private static boolean is(FileSystemException refused, String errno) {
        String reason = refused.getReason();
        return reason != null && reason.endsWith("(" + errno + ")");
    }
}
