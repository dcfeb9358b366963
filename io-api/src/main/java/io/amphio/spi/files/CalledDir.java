package io.amphio.spi.files;

import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.fs.Dir;
import io.amphio.fs.DirList;
import io.amphio.fs.File;
import io.amphio.fs.FileStat;
import io.amphio.fs.OpenOptions;
import io.amphio.fs.TimeChange;
import io.amphio.spi.FsErrors;
import io.amphio.spi.Startable;
import io.amphio.spi.StartedWait;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose calls wait on workers: one job each, so a cancel finds it queued, and nothing happens, or running, and its result
 * counts.
 *
 * @param <F> what an open file is
 */
public final class CalledDir<F> implements Dir {
    /**
     * What an implementation does with what was opened.
     *
     * @param <F> what an open file is
     */
    public interface Owner<F> {
        /** Returns who makes the calls. */
        FileWorkers workers();

        /** Makes a file for tasks of what was opened, and keeps it until it is closed. */
        File adopt(F opened, Path path);

        /** Keeps a directory until it is closed; refuses, and closes it, when the runtime is closed. */
        void keep(CalledDir<F> opened);

        /** Forgets a directory that is being closed. */
        void forget(CalledDir<F> closed);
    }

    private final Owner<F> owner;
    private final DirCalls<F> calls;
    private final Path path;
    private final AtomicBoolean closed = new AtomicBoolean(); // set by the closer

    private CalledDir(Owner<F> owner, DirCalls<F> calls, Path path) {
        this.owner = owner;
        this.calls = calls;
        this.path = path;
    }

    /**
     * Opens a directory for a task.
     *
     * @param <F> what an open file is
     * @param io who waits
     * @param owner of it
     * @param path of it
     * @param call opens it, on a worker
     * @return the directory
     * @throws IOException if the system refuses
     */
    public static <F> Dir open(Io io, Owner<F> owner, Path path, Callable<DirCalls<F>> call) throws IOException {
        Startable<CalledDir<F>> opening = done -> owner.workers()
                .start(
                        () -> {
                            CalledDir<F> dir = new CalledDir<>(owner, told("open", path, call), path);
                            owner.keep(dir);
                            return dir;
                        },
                        done);
        return StartedWait.run(io, "open " + path, Timeout.NONE, opening);
    }

    /** Makes a call, and says what was attempted if it fails. */
    static <T> T told(String verb, Path path, Callable<T> call) throws IOException {
        try {
            return call.call();
        } catch (ClosedDirectoryStreamException closed) {
            throw FsErrors.closed(verb, path);
        } catch (IOException | IllegalStateException refused) { // not open for that is one of the latter
            throw FsErrors.of(verb, path, refused);
        } catch (RuntimeException thrown) {
            throw thrown;
        } catch (Exception checked) {
            throw new AssertionError("no call throws that", checked);
        }
    }

    static DirCalls<?> callsOf(String verb, Dir dir) {
        if (dir instanceof CalledDir<?> called) {
            return called.calls;
        }
        throw new IllegalArgumentException(verb + " to " + dir + ": it is not a directory of this Io");
    }

    static void requireName(String verb, String name) {
        Objects.requireNonNull(name, () -> verb + ": the name is null");
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(verb + ": a file name with a NUL character: " + name.replace('\0', '?'));
        }
    }

    private Path shown(String name) {
        return name.equals(".") ? path : path.resolve(name);
    }

    private <T> T call(Io io, String verb, String name, Callable<T> call) throws IOException {
        requireName(verb, name);
        Path target = shown(name);
        Startable<T> calling = done -> owner.workers().start(() -> told(verb, target, call), done);
        return StartedWait.run(io, verb + " " + target, Timeout.NONE, calling);
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private void change(Io io, String verb, String name, Change change) throws IOException {
        call(io, verb, name, () -> {
            change.make();
            return true;
        });
    }

    // ---------------------------------------------------------------- opening

    @Override
    public File open(Io io, String name, OpenOptions options) throws IOException {
        requireName("open", name);
        Objects.requireNonNull(options, "open: the options are null");
        Path target = shown(name);
        Startable<File> opening = done -> owner.workers()
                .start(() -> owner.adopt(told("open", target, () -> calls.openFile(name, options)), target), (Consumer<
                                ? super Outcome<File>>)
                        done);
        return StartedWait.run(io, "open " + target, Timeout.NONE, abandonable(opening, options));
    }

    /** Lets a cancel leave an open alone that changes nothing. */
    public static Startable<File> abandonable(Startable<File> opening, OpenOptions options) {
        boolean changes = options.creation() != OpenOptions.Creation.NEVER || options.isTruncating();
        return changes ? opening : new AbandonableOpen<>(opening);
    }

    @Override
    public Dir openDir(Io io, String name) throws IOException {
        requireName("open", name);
        return open(io, owner, shown(name), () -> calls.openDirectory(name));
    }

    @Override
    public Dir openDirNoFollow(Io io, String name) throws IOException {
        requireName("open", name);
        return open(io, owner, shown(name), () -> calls.openDirectoryNoFollow(name));
    }

    // ---------------------------------------------------------------- names

    @Override
    public void createDir(Io io, String name, int permissions) throws IOException {
        change(io, "create directory", name, () -> calls.createDirectory(name, permissions));
    }

    @Override
    public void delete(Io io, String name) throws IOException {
        change(io, "delete", name, () -> calls.deleteFile(name));
    }

    @Override
    public void deleteDir(Io io, String name) throws IOException {
        change(io, "delete directory", name, () -> calls.deleteDirectory(name));
    }

    @Override
    public void rename(Io io, String name, Dir to, String newName) throws IOException {
        rename(io, name, to, newName, true);
    }

    @Override
    public void renameNew(Io io, String name, Dir to, String newName) throws IOException {
        rename(io, name, to, newName, false);
    }

    private void rename(Io io, String name, Dir to, String newName, boolean replace) throws IOException {
        DirCalls<?> target = callsOf("rename", to);
        requireName("rename", newName);
        change(io, "rename", name, () -> calls.rename(name, target, newName, replace));
    }

    @Override
    public void link(Io io, String name, Dir to, String newName) throws IOException {
        DirCalls<?> target = callsOf("link", to);
        requireName("link", newName);
        change(io, "link", name, () -> calls.link(name, target, newName));
    }

    @Override
    public void symbolicLink(Io io, String target, String name) throws IOException {
        requireName("symbolic link", target);
        change(io, "symbolic link", name, () -> calls.symbolicLink(target, name));
    }

    @Override
    public String readLink(Io io, String name) throws IOException {
        return call(io, "read link", name, () -> calls.readLink(name));
    }

    @Override
    public Path realPath(Io io, String name) throws IOException {
        return call(io, "real path of", name, () -> calls.realPath(name));
    }

    // ---------------------------------------------------------------- what they are

    @Override
    public FileStat stat(Io io, String name, boolean follow) throws IOException {
        return call(io, "stat", name, () -> calls.stat(name, follow));
    }

    @Override
    public void access(Io io, String name, Set<AccessMode> modes) throws IOException {
        change(io, "access", name, () -> calls.access(name, modes));
    }

    @Override
    public void setPermissions(Io io, String name, int permissions) throws IOException {
        AttributeChange change = new AttributeChange.Permissions(permissions);
        change(io, "set the permissions of", name, () -> calls.change(name, change));
    }

    @Override
    public void setOwner(Io io, String name, @Nullable Integer userId, @Nullable Integer groupId) throws IOException {
        AttributeChange change = new AttributeChange.Owner(userId, groupId);
        change(io, "set the owner of", name, () -> calls.change(name, change));
    }

    @Override
    public void setTimes(Io io, String name, TimeChange accessed, TimeChange modified) throws IOException {
        AttributeChange change = new AttributeChange.Times(accessed, modified);
        change(io, "set the times of", name, () -> calls.change(name, change));
    }

    @Override
    public DirList list(Io io, String name) throws IOException {
        DirCalls.Listing names = call(io, "list", name, () -> calls.list(name));
        return new CalledList(owner.workers(), names, shown(name));
    }

    @Override
    public void sync(Io io) throws IOException {
        change(io, "sync", ".", calls::sync);
    }

    // ---------------------------------------------------------------- itself

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean isConfined() {
        return calls.isConfined();
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            owner.forget(this);
            calls.close(); // of a directory, which has nothing to write back
        }
    }

    @Override
    public String toString() {
        return "Dir[" + path + (isOpen() ? "]" : ", closed]");
    }
}
