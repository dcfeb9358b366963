package io.amphio.evented.backend.sim;

import static io.amphio.evented.backend.sim.SimPaths.failure;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.Names;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory. Every operation is done at once when it is chosen; which of several is first, the world decides.
 *
 * <p>Owners and permissions are kept and not looked at. There is no crash to survive, so a sync does nothing.
 */
final class SimFiles {
    private static final int NOT_OF_DIRECTORIES =
            OpenFlags.WRITE | OpenFlags.APPEND | OpenFlags.CREATE | OpenFlags.TRUNCATE;

    private final SimKernel kernel;
    private final SimPaths paths;
    private long inodes;

    SimFiles(SimKernel kernel) {
        this.kernel = kernel;
        SimNode.Directory root = new SimNode.Directory(++inodes, 0755, 0);
        root.links = 2;
        this.paths = new SimPaths(root);
        SimNode.Directory temporary = new SimNode.Directory(++inodes, 0777, 0);
        temporary.links = 2;
        temporary.parent = root;
        root.entries.put("tmp", temporary);
    }

    /** Returns whether an operation would not have to wait: only a copy may have to, for its target. */
    boolean isReady(Operation operation) {
        if (operation.kind() != Operation.Kind.COPY) {
            return true;
        }
        return ((SimDescriptor) operation.target()).isWritableNow();
    }

    /** Performs an operation; returns false if it has to wait all the same. */
    boolean perform(Operation operation) throws Failure {
        switch (operation.kind()) {
            case OPEN -> operation.opened(open(operation));
            case READ -> operation.done(read(operation));
            case WRITE -> operation.done(write(operation));
            case SYNC, DATA_SYNC -> {
                file(operation);
                operation.done(0);
            }
            case STAT -> operation.told(status(operation));
            case TRUNCATE -> {
                regular(writable(file(operation))).resize(operation.length());
                operation.done(0);
            }
            case ALLOCATE -> {
                allocate(operation);
                operation.done(0);
            }
            case RENAME -> {
                rename(operation);
                operation.done(0);
            }
            case LINK -> {
                link(operation);
                operation.done(0);
            }
            case SYMLINK -> {
                Names names = operation.names();
                add(second(operation), new SimNode.Link(++inodes, names.name(), now()));
                operation.done(0);
            }
            case UNLINK -> {
                unlink(operation);
                operation.done(0);
            }
            case MAKE_DIRECTORY -> {
                makeDirectory(operation);
                operation.done(0);
            }
            case COPY -> {
                return copy(operation);
            }
            default -> throw new AssertionError(operation.kind() + " is not of files");
        }
        return true;
    }

    private long now() {
        return kernel.wallNanos();
    }

    // ---------------------------------------------------------------- names

    private SimPaths.Found first(Names names, boolean followLast, boolean beneath) throws Failure {
        return paths.find(directory(names.directory()), names.name(), followLast, beneath);
    }

    private SimPaths.Found first(Operation operation) throws Failure {
        return first(operation.names(), false, operation.has(OpenFlags.BENEATH));
    }

    private SimPaths.Found second(Operation operation) throws Failure {
        Names names = operation.names();
        return paths.find(directory(names.otherDirectory()), names.other(), false, operation.has(OpenFlags.BENEATH));
    }

    private static SimNode.@Nullable Directory directory(@Nullable Descriptor relative) throws Failure {
        return relative == null ? null : SimPaths.directory(((SimFile) relative).node);
    }

    private void add(SimPaths.Found place, SimNode node) throws Failure {
        if (place.node() != null) {
            throw failure("file exists", "EEXIST");
        }
        put(place, node);
    }

    private void put(SimPaths.Found place, SimNode node) {
        place.directory().entries.put(place.name(), node);
        place.directory().modified(now());
        countNames(place.directory(), node, 1);
        node.changedNanos = now();
    }

    private void remove(SimPaths.Found place, SimNode node) {
        place.directory().entries.remove(place.name());
        place.directory().modified(now());
        countNames(place.directory(), node, -1);
        node.changedNanos = now();
    }

    /** A directory has its name, the one that it calls itself by, and that by which each one below calls it. */
    private static void countNames(SimNode.Directory directory, SimNode node, int change) {
        node.links += node instanceof SimNode.Directory ? 2 * change : change;
        directory.links += node instanceof SimNode.Directory ? change : 0;
    }

    /** A Unix socket takes {@code path}. */
    void addSocket(String path) throws Failure {
        SimPaths.Found place = paths.find(null, path, false, false);
        if (place.node() != null) {
            throw failure("address already in use", "EADDRINUSE");
        }
        put(place, new SimNode.Socket(++inodes, now()));
    }

    boolean exists(String path) {
        try {
            return paths.find(null, path, true, false).node() != null;
        } catch (Failure e) {
            return false;
        }
    }

    private SimFile open(Operation operation) throws Failure {
        boolean isNew = operation.has(OpenFlags.CREATE) && operation.has(OpenFlags.EXCLUSIVE);
        boolean follow = !operation.has(OpenFlags.NO_FOLLOW) && !isNew;
        SimPaths.Found place = first(operation.names(), follow, operation.has(OpenFlags.BENEATH));
        SimNode node = place.node();
        if (node == null) {
            if (!operation.has(OpenFlags.CREATE)) {
                throw failure("no such file or directory", "ENOENT");
            }
        } else if (isNew) {
            throw failure("file exists", "EEXIST");
        } else {
            requireOpenable(operation, node);
        }
        kernel.requireDescriptor();
        if (node == null) {
            node = new SimNode.Regular(++inodes, operation.mode(), now());
            put(place, node);
        } else if (operation.has(OpenFlags.TRUNCATE) && node instanceof SimNode.Regular regular) {
            regular.resize(0);
            regular.modified(now());
        }
        SimFile file = new SimFile(
                kernel,
                node,
                operation.names().name(),
                operation.has(OpenFlags.READ),
                operation.has(OpenFlags.WRITE) || operation.has(OpenFlags.APPEND),
                operation.has(OpenFlags.APPEND));
        file.handOver();
        return file;
    }

    private static void requireOpenable(Operation operation, SimNode node) throws Failure {
        if (operation.has(OpenFlags.DIRECTORY)) {
            SimPaths.directory(node);
        } else if (node instanceof SimNode.Link) {
            throw failure("too many levels of symbolic links", "ELOOP");
        } else if (node instanceof SimNode.Directory && (operation.flags() & NOT_OF_DIRECTORIES) != 0) {
            throw failure("is a directory", "EISDIR");
        } else if (node instanceof SimNode.Socket) {
            throw failure("no such device or address", "ENXIO");
        }
    }

    private io.amphio.evented.backend.FileStatus status(Operation operation) throws Failure {
        if (operation.hasNames()) {
            return first(operation.names(), !operation.has(OpenFlags.NO_FOLLOW), operation.has(OpenFlags.BENEATH))
                    .there()
                    .status();
        }
        return file(operation).node.status();
    }

    private void rename(Operation operation) throws Failure {
        SimPaths.Found from = first(operation);
        SimPaths.Found to = second(operation);
        SimNode node = from.there();
        SimNode replaced = to.node();
        if (replaced != null && operation.has(OpenFlags.EXCLUSIVE)) {
            throw failure("file exists", "EEXIST");
        }
        if (replaced == node) {
            return;
        }
        if (isAbove(node, to.directory())) {
            throw failure("invalid argument", "EINVAL"); // it would hang below itself
        }
        if (replaced != null) {
            if (isAbove(replaced, from.directory())) {
                throw failure("directory not empty", "ENOTEMPTY");
            }
            requireReplaceable(node, replaced);
            remove(to, replaced);
        }
        remove(from, node);
        put(to, node);
        if (node instanceof SimNode.Directory directory) {
            directory.parent = to.directory();
        }
    }

    private static boolean isAbove(SimNode node, SimNode.Directory place) {
        for (SimNode.Directory each = place; each != node; each = each.parent) {
            if (each == each.parent) {
                return false;
            }
        }
        return true;
    }

    private static void requireReplaceable(SimNode node, SimNode replaced) throws Failure {
        if (replaced instanceof SimNode.Directory directory) {
            if (!(node instanceof SimNode.Directory)) {
                throw failure("is a directory", "EISDIR");
            }
            requireEmpty(directory);
        } else if (node instanceof SimNode.Directory) {
            throw failure("not a directory", "ENOTDIR");
        }
    }

    private static void requireEmpty(SimNode.Directory directory) throws Failure {
        if (!directory.entries.isEmpty()) {
            throw failure("directory not empty", "ENOTEMPTY");
        }
    }

    private void link(Operation operation) throws Failure {
        link(first(operation).there(), second(operation));
    }

    private void link(SimNode node, SimPaths.Found place) throws Failure {
        if (node instanceof SimNode.Directory && place.node() == null) { // looked at last, as a kernel does
            throw failure("operation not permitted", "EPERM");
        }
        add(place, node);
    }

    private void unlink(Operation operation) throws Failure {
        SimPaths.Found place = first(operation);
        SimNode node = place.there();
        if (operation.has(OpenFlags.DIRECTORY)) {
            requireEmpty(SimPaths.directory(node));
        } else if (node instanceof SimNode.Directory) {
            throw failure("is a directory", "EISDIR");
        }
        remove(place, node);
    }

    private void makeDirectory(Operation operation) throws Failure {
        SimPaths.Found place = first(operation);
        SimNode.Directory made = new SimNode.Directory(++inodes, operation.mode(), now());
        made.parent = place.directory();
        add(place, made);
    }

    // ---------------------------------------------------------------- for calls that are no operations

    SimPaths.Found find(SimFile directory, String name, boolean follow, boolean beneath) throws Failure {
        return paths.find(SimPaths.directory(directory.node), name, follow, beneath);
    }

    void linkOpen(SimNode node, SimPaths.Found place) throws Failure {
        link(node, place);
    }

    // ---------------------------------------------------------------- contents

    private static SimFile file(Operation operation) throws Failure {
        SimFile file = (SimFile) operation.descriptor();
        file.requireOpen();
        return file;
    }

    private static SimFile writable(SimFile file) throws Failure {
        if (!file.writable) {
            throw failure("invalid argument", "EINVAL");
        }
        return file;
    }

    private static SimNode.Regular regular(SimFile file) throws Failure {
        if (file.node instanceof SimNode.Regular regular) {
            return regular;
        }
        throw failure("is a directory", "EISDIR");
    }

    private long read(Operation operation) throws Failure {
        SimFile file = file(operation);
        SimNode.Regular content = regular(file);
        if (!file.readable) {
            throw failure("bad file descriptor", "EBADF");
        }
        int room = SimDescriptor.remaining(operation.buffers());
        if (room == 0) {
            return 0;
        }
        boolean streaming = operation.offset() < 0;
        long offset = streaming ? file.position : operation.offset();
        if (offset >= content.size()) {
            return Descriptor.END_OF_STREAM;
        }
        long count = content.read(
                operation.buffers(), offset, Math.min(room, kernel.world().mostToReceive()));
        content.accessedNanos = now();
        if (streaming) {
            file.position += count;
        }
        return count;
    }

    private long write(Operation operation) throws Failure {
        SimFile file = file(operation);
        if (!file.writable) {
            throw failure("bad file descriptor", "EBADF");
        }
        SimNode.Regular content = regular(file);
        if (SimDescriptor.remaining(operation.buffers()) == 0) {
            return 0;
        }
        requireSpace();
        ByteBuffer bytes =
                SimDescriptor.gather(operation.buffers(), kernel.world().mostToSend());
        int count = bytes.remaining();
        boolean streaming = operation.offset() < 0;
        long offset = file.appends ? content.size() : streaming ? file.position : operation.offset();
        content.write(bytes, offset);
        content.modified(now());
        if (streaming) {
            file.position = offset + count;
        }
        return count;
    }

    private void requireSpace() throws Failure {
        if (!kernel.world().hasSpace()) {
            throw failure("no space left on device", "ENOSPC");
        }
    }

    private void allocate(Operation operation) throws Failure {
        SimFile file = file(operation);
        if (!file.writable) {
            throw failure("bad file descriptor", "EBADF");
        }
        requireSpace();
        SimNode.Regular content = regular(file);
        content.resize(Math.max(content.size(), operation.offset() + operation.length()));
    }

    /** Copies from a file to a socket or a pipe. */
    private boolean copy(Operation operation) throws Failure {
        SimFile file = file(operation);
        if (!file.readable) {
            throw failure("bad file descriptor", "EBADF");
        }
        SimNode.Regular content = regular(file);
        SimDescriptor target = (SimDescriptor) operation.target();
        if (operation.offset() >= content.size()) {
            operation.done(Descriptor.END_OF_STREAM);
            return true;
        }
        int length = (int) Math.min(operation.length(), content.size() - operation.offset());
        ByteBuffer bytes = ByteBuffer.allocate(length);
        content.read(new ByteBuffer[] {bytes}, operation.offset(), length);
        long count = target.trySend(new ByteBuffer[] {bytes.flip()});
        if (count == Descriptor.WOULD_BLOCK) {
            return false;
        }
        operation.done(count);
        return true;
    }
}
