package io.amphio.evented.backend.sim;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.fs.DirEntry;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileStat;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.ErrnoException;
import io.amphio.spi.files.AttributeChange;
import io.amphio.spi.files.DirCalls;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An open directory of a simulated kernel. A call does at once what an operation would do when it is chosen.
 *
 * <p><b>Threads:</b> one at a time, that of the simulation.
 */
final class SimDir implements DirCalls<Descriptor> {
    private final SimKernel kernel;
    private final SimFile self;
    private final boolean confined;

    private SimDir(SimKernel kernel, SimFile self, boolean confined) {
        this.kernel = kernel;
        this.self = self;
        this.confined = confined;
    }

    static SimDir open(SimKernel kernel, String path, boolean confined) throws IOException {
        Operation open = new Operation(Operation.Kind.OPEN, SimDir.class);
        open.setNames(new Names(null, path.isEmpty() ? "/" : path));
        open.setFlags(OpenFlags.READ | OpenFlags.DIRECTORY, 0);
        return new SimDir(kernel, (SimFile) perform(kernel, open), confined);
    }

    static SimDir of(String verb, DirCalls<?> calls) {
        if (calls instanceof SimDir dir) {
            return dir;
        }
        throw new IllegalArgumentException(verb + " to " + calls + ": it is not a directory of this world");
    }

    // ---------------------------------------------------------------- by operations

    /** Returns what was opened, if anything was. */
    private static Object perform(SimKernel kernel, Operation operation) throws IOException {
        try {
            kernel.files().perform(operation);
        } catch (Failure failure) {
            throw SimFileCalls.told(failure);
        }
        Descriptor opened = operation.opened();
        return opened == null ? operation : opened;
    }

    private Object perform(Operation.Kind kind, Names names, int flags, int mode) throws IOException {
        requireOpen();
        Operation operation = new Operation(kind, this);
        operation.setNames(names);
        operation.setFlags(flags | (confined ? OpenFlags.BENEATH : 0), mode);
        return perform(kernel, operation);
    }

    private void requireOpen() throws IOException {
        if (self.isClosed()) {
            throw new ErrnoException("the directory is closed", "EBADF");
        }
    }

    private Names name(String name) {
        return new Names(self, name);
    }

    private Names names(String name, DirCalls<?> to, String newName) throws IOException {
        SimDir target = of("rename or link", to);
        target.requireOpen();
        return new Names(self, name, target.self, newName);
    }

    @Override
    public Descriptor openFile(String name, OpenOptions options) throws IOException {
        int flags = (options.isReading() ? OpenFlags.READ : 0)
                | (options.isWriting() ? OpenFlags.WRITE : 0)
                | (options.isAppending() ? OpenFlags.APPEND : 0)
                | (options.creation() == OpenOptions.Creation.NEVER ? 0 : OpenFlags.CREATE)
                | (options.creation() == OpenOptions.Creation.ALWAYS ? OpenFlags.EXCLUSIVE : 0)
                | (options.isTruncating() ? OpenFlags.TRUNCATE : 0)
                | (options.isFollowing() ? 0 : OpenFlags.NO_FOLLOW);
        return (Descriptor) perform(Operation.Kind.OPEN, name(name), flags, options.permissions());
    }

    @Override
    public DirCalls<Descriptor> openDirectory(String name) throws IOException {
        return openDirectory(name, 0);
    }

    @Override
    public DirCalls<Descriptor> openDirectoryNoFollow(String name) throws IOException {
        return openDirectory(name, OpenFlags.NO_FOLLOW);
    }

    private SimDir openDirectory(String name, int flag) throws IOException {
        int flags = OpenFlags.READ | OpenFlags.DIRECTORY | flag;
        return new SimDir(kernel, (SimFile) perform(Operation.Kind.OPEN, name(name), flags, 0), confined);
    }

    @Override
    public void createDirectory(String name, int permissions) throws IOException {
        perform(Operation.Kind.MAKE_DIRECTORY, name(name), 0, permissions);
    }

    @Override
    public void deleteFile(String name) throws IOException {
        perform(Operation.Kind.UNLINK, name(name), 0, 0);
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        perform(Operation.Kind.UNLINK, name(name), OpenFlags.DIRECTORY, 0);
    }

    @Override
    public void rename(String name, DirCalls<?> to, String newName, boolean replace) throws IOException {
        perform(Operation.Kind.RENAME, names(name, to, newName), replace ? 0 : OpenFlags.EXCLUSIVE, 0);
    }

    @Override
    public void link(String name, DirCalls<?> to, String newName) throws IOException {
        perform(Operation.Kind.LINK, names(name, to, newName), 0, 0);
    }

    @Override
    public void symbolicLink(String target, String name) throws IOException {
        perform(Operation.Kind.SYMLINK, new Names(null, target, self, name), 0, 0);
    }

    // ---------------------------------------------------------------- by nodes

    private SimPaths.Found find(String name, boolean follow) throws IOException {
        requireOpen();
        try {
            return kernel.files().find(self, name, follow, confined);
        } catch (Failure failure) {
            throw SimFileCalls.told(failure);
        }
    }

    private SimNode node(String name, boolean follow) throws IOException {
        try {
            return find(name, follow).there();
        } catch (Failure failure) {
            throw SimFileCalls.told(failure);
        }
    }

    void linkOpen(SimNode node, String newName) throws IOException {
        try {
            kernel.files().linkOpen(node, find(newName, false));
        } catch (Failure failure) {
            throw SimFileCalls.told(failure);
        }
    }

    @Override
    public String readLink(String name) throws IOException {
        if (node(name, false) instanceof SimNode.Link link) {
            return link.target;
        }
        throw new ErrnoException("not a symbolic link", "EINVAL");
    }

    @Override
    public Path realPath(String name) throws IOException {
        node(name, true);
        SimPaths.Found found = find(name, true);
        Path directory = pathOf(found.directory());
        return found.name().equals(".") ? directory : directory.resolve(found.name());
    }

    private static Path pathOf(SimNode.Directory directory) {
        List<String> names = new ArrayList<>();
        for (SimNode.Directory each = directory; each.parent != each; each = each.parent) {
            SimNode.Directory child = each;
            each.parent.entries.forEach((name, node) -> {
                if (node.inode == child.inode) {
                    names.addFirst(name);
                }
            });
        }
        return Path.of("/" + String.join("/", names));
    }

    @Override
    public FileStat stat(String name, boolean follow) throws IOException {
        return node(name, follow).status().toStat();
    }

    /** As root has it, whom only a file stops that nobody may execute. */
    @Override
    public void access(String name, Set<AccessMode> modes) throws IOException {
        SimNode node = node(name, true);
        if (modes.contains(AccessMode.EXECUTE) && !(node instanceof SimNode.Directory) && (node.mode & 0111) == 0) {
            throw new ErrnoException("permission denied", "EACCES");
        }
    }

    @Override
    public void change(String name, AttributeChange change) throws IOException {
        SimFileCalls.change(kernel, node(name, true), change);
    }

    @Override
    public DirCalls.Listing list(String name) throws IOException {
        if (!(node(name, true) instanceof SimNode.Directory directory)) {
            throw new ErrnoException("not a directory", "ENOTDIR");
        }
        List<DirEntry> entries = new ArrayList<>();
        directory.entries.forEach((each, node) ->
                entries.add(new DirEntry(each, FileKind.valueOf(node.type().name()))));
        return new Listed(entries);
    }

    /** All at once, as they were. */
    private static final class Listed implements DirCalls.Listing {
        private List<DirEntry> left;

        Listed(List<DirEntry> entries) {
            left = entries;
        }

        @Override
        public List<DirEntry> next() {
            List<DirEntry> all = left;
            left = List.of();
            return all;
        }

        @Override
        public void close() {
            left = List.of();
        }
    }

    @Override
    public void sync() throws IOException {
        requireOpen();
    }

    @Override
    public boolean isConfined() {
        return confined;
    }

    @Override
    public void close() {
        self.close();
    }

    @Override
    public String toString() {
        return self.toString();
    }
}
