package io.amphio.evented.backend.fd;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Limit;
import io.amphio.evented.ffi.Abi;
import io.amphio.evented.ffi.FileAbi;
import io.amphio.evented.ffi.FileLibC;
import io.amphio.evented.ffi.FileNames;
import io.amphio.evented.ffi.LibC;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.ErrnoException;
import io.amphio.spi.files.AttributeChange;
import io.amphio.spi.files.DirCalls;
import io.amphio.spi.files.JdkDir;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A directory by its number. Opening is relative to that; so is the rest on Linux, by {@code /proc/self/fd/7/name}, so that the JDK can
 * do it. Where there is no such path, the rest goes by the directory's name.
 *
 * <p>Confined, the kernel walks the name ({@code openat2} with RESOLVE_BENEATH): to what it stands for, or to the directory of its last
 * part, of which a handle is opened for the one call that is then made in there.
 */
final class FdDir extends JdkDir<Descriptor> {
    private static final FileAbi ABI = FdFiles.ABI;

    private final FdFile self;
    private final boolean confined;

    private FdDir(FdFile self, Path base, boolean confined) {
        super(
                file -> {
                    throw new AssertionError("the JDK opens no files here: " + file);
                },
                base);
        this.self = self;
        this.confined = confined;
    }

    static DirCalls<Descriptor> open(Path path, boolean confined) throws IOException {
        if (confined && !(Sockets.LINUX && FdFileCalls.HAS_PATHS)) {
            throw cannotConfine(path);
        }
        String name = path.toString().isEmpty() ? "." : path.toString();
        int fd = open(name, named -> FileLibC.openat(ABI.currentDirectory, named, directoryFlags(), 0));
        FdDir dir = of(fd, path, confined);
        if (confined) {
            try (Place itself = dir.beneath(".")) {
                assert itself.path() != null;
            } catch (ErrnoException refused) {
                dir.close();
                if ("ENOSYS".equals(refused.errno())) {
                    throw cannotConfine(path);
                }
                throw refused;
            }
        }
        return dir;
    }

    private static UnsupportedOperationException cannotConfine(Path path) {
        return new UnsupportedOperationException(
                "open " + path
                        + " as a confined directory: it takes /proc and openat2, which came with Linux 5.6; use the blocking Io");
    }

    private static FdDir of(int fd, Path name, boolean confined) throws IOException {
        FdFile self = new FdFile(fd);
        try {
            return new FdDir(self, FdFileCalls.HAS_PATHS ? FdFileCalls.path(fd) : name.toRealPath(), confined);
        } catch (IOException | RuntimeException e) {
            self.close();
            throw e;
        }
    }

    static FdDir of(String verb, DirCalls<?> calls) {
        if (calls instanceof FdDir dir) {
            return dir;
        }
        throw new IllegalArgumentException(verb + " to " + calls + ": it is not a directory of this Io");
    }

    private static int directoryFlags() {
        return FileAbi.O_RDONLY | ABI.directory | ABI.closeOnExec | ABI.noTerminal;
    }

    // ---------------------------------------------------------------- names for the kernel

    @FunctionalInterface
    private interface Named {
        int call(long name);
    }

    private static int open(String name, Named open) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return (int) FdFileCalls.check(open.call(encode(arena, name)));
        }
    }

    private static long encode(Arena arena, String name) throws IOException {
        byte[] bytes = FileNames.encode(name);
        if (bytes == null) {
            throw new ErrnoException("not a name: it has a character that names cannot have", "EINVAL");
        }
        return arena.allocate(bytes.length)
                .copyFrom(MemorySegment.ofArray(bytes))
                .address();
    }

    private int openHere(String name, int flags, int mode) throws IOException {
        enter();
        try (Arena arena = Arena.ofConfined()) {
            long named = encode(arena, name);
            int fd = self.number();
            int creating = (flags & ABI.create) == 0 ? 0 : mode;
            return (int) FdFileCalls.check(
                    confined
                            ? FileLibC.openBeneath(fd, named, arena.allocate(64, Long.BYTES), flags, creating)
                            : FileLibC.openat(fd, named, flags, mode));
        } finally {
            self.fd.leave();
        }
    }

    private void enter() throws IOException {
        if (!self.fd.enter()) {
            throw new ErrnoException("the directory is closed", "EBADF");
        }
    }

    // ---------------------------------------------------------------- places for the JDK

    /** A path that is good while somebody is inside of what it leads through. */
    private record Inside(Path path, FdFile through) implements Place {
        @Override
        public void close() {
            through.fd.leave();
        }
    }

    /** A path by a handle that was opened for it. */
    private record Through(Path path, FdFile handle) implements Place {
        @Override
        public void close() {
            handle.fd.close();
        }
    }

    @Override
    protected Place at(String name) throws IOException {
        if (confined && !isSingle(name)) {
            return lastOf(name);
        }
        enter();
        try {
            return new Inside(super.at(name).path(), self);
        } catch (IOException | RuntimeException e) {
            self.fd.leave();
            throw e;
        }
    }

    private static boolean isSingle(String name) {
        return name.indexOf('/') < 0 && !name.equals("..");
    }

    private Place lastOf(String name) throws IOException {
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) == '/') {
            end--;
        }
        int slash = name.lastIndexOf('/', end - 1);
        String last = name.substring(slash + 1, end);
        if (slash <= 0 || last.equals(".") || last.equals("..")) {
            return slash < 0 && !last.equals("..") && !last.isEmpty() ? at(last) : beneath(name);
        }
        FdFile parent = handle(name.substring(0, slash));
        return new Through(FdFileCalls.path(parent.number()).resolve(last), parent);
    }

    @Override
    protected Place target(String name) throws IOException {
        return confined ? beneath(name) : at(name);
    }

    private Place beneath(String name) throws IOException {
        FdFile handle = handle(name);
        return new Through(FdFileCalls.path(handle.number()), handle);
    }

    private FdFile handle(String name) throws IOException {
        return new FdFile(openHere(name, FileAbi.O_PATH | ABI.closeOnExec, 0));
    }

    // ---------------------------------------------------------------- calls

    @Override
    public Descriptor openFile(String name, OpenOptions options) throws IOException {
        return new FdFile(openHere(name, flags(options), options.permissions()));
    }

    private static int flags(OpenOptions options) {
        int access = !options.isWriting() ? FileAbi.O_RDONLY : options.isReading() ? FileAbi.O_RDWR : FileAbi.O_WRONLY;
        return access
                | ABI.closeOnExec
                | ABI.noTerminal
                | (options.isAppending() ? ABI.append : 0)
                | (options.creation() == OpenOptions.Creation.NEVER ? 0 : ABI.create)
                | (options.creation() == OpenOptions.Creation.ALWAYS ? ABI.exclusive : 0)
                | (options.isTruncating() ? ABI.truncate : 0)
                | (options.isFollowing() ? 0 : ABI.noFollow);
    }

    @Override
    public DirCalls<Descriptor> openDirectory(String name) throws IOException {
        return of(openHere(name, directoryFlags(), 0), base().resolve(name), confined);
    }

    @Override
    public DirCalls<Descriptor> openDirectoryNoFollow(String name) throws IOException {
        return of(openHere(name, directoryFlags() | ABI.noFollow, 0), base().resolve(name), confined);
    }

    @Override
    public void deleteFile(String name) throws IOException {
        delete(name, false);
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        delete(name, true);
    }

    private void delete(String name, boolean directory) throws IOException {
        try (Place place = at(name)) {
            open(place.path().toString(), named -> FileLibC.unlinkat(ABI.currentDirectory, named, directory));
        }
    }

    @Override
    public void rename(String name, DirCalls<?> to, String newName, boolean replace) throws IOException {
        FdDir other = of("rename", to);
        if (replace || FdFiles.limits(Objects.requireNonNull(Abi.current())).contains(Limit.RENAME_EXCLUSIVE)) {
            super.rename(name, to, newName, replace);
            return;
        }
        int result;
        try (Place from = at(name);
                Place target = other.at(newName);
                Arena arena = Arena.ofConfined()) {
            result = FileLibC.rename(
                    ABI.currentDirectory,
                    encode(arena, from.path().toString()),
                    ABI.currentDirectory,
                    encode(arena, target.path().toString()),
                    true);
        }
        if (result == -LibC.ERRNO.number("EINVAL") && isOfOldFileSystem(name)) {
            super.rename(name, to, newName, false);
            return;
        }
        FdFileCalls.check(result);
    }

    /** A file system that cannot do it says EINVAL, as the kernel does of a directory that would come to be below itself. */
    private boolean isOfOldFileSystem(String name) throws IOException {
        try (Place place = at(name)) {
            return !Files.isDirectory(place.path(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Times without opening what they are of, as {@link FdFileCalls#encode} says. */
    @Override
    public void change(String name, AttributeChange change) throws IOException {
        if (!(change instanceof AttributeChange.Times times)) {
            super.change(name, change);
            return;
        }
        try (Place place = target(name);
                Arena arena = Arena.ofConfined()) {
            long path = encode(arena, place.path().toString());
            FdFileCalls.check(FileLibC.setTimes(path, FdFileCalls.encode(arena, times)));
        }
    }

    /** Gives an open file, by the path of its number, a name here. */
    void linkOpen(Path file, String newName) throws IOException {
        try (Place place = at(newName);
                Arena arena = Arena.ofConfined()) {
            FdFileCalls.check(FileLibC.linkFollowed(
                    encode(arena, file.toString()), encode(arena, place.path().toString())));
        }
    }

    @Override
    public void sync() throws IOException {
        enter();
        try {
            FdFileCalls.check(FileLibC.fsync(self.number()));
        } finally {
            self.fd.leave();
        }
    }

    @Override
    public boolean isConfined() {
        return confined;
    }

    @Override
    public void close() {
        super.close();
        self.fd.close(); // of a directory: nobody locks it
    }
}
