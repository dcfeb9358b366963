package io.amphio.spi.files;

import io.amphio.fs.FileStat;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.ErrnoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A directory by a path under which the JDK finds it. Where that is its name, names below follow the name when somebody renames it; a
 * subclass may know a path that stays.
 *
 * @param <F> what an open file is
 */
public class JdkDir<F> implements DirCalls<F> {
    /**
     * Makes an open file of a channel.
     *
     * @param <F> what that is
     */
    @FunctionalInterface
    public interface Opened<F> {
        /** Takes over a channel. */
        F of(JdkFile file) throws IOException;
    }

    /** A path for one call. */
    public interface Place extends AutoCloseable {
        /** Returns the path. */
        Path path();

        @Override
        default void close() {}
    }

    private static final Set<String> DOTS = Set.of(".", "..");

    private final Opened<F> opened;
    private final Path base;
    private volatile boolean closed; // set by close

    /**
     * Creates it.
     *
     * @param opened makes files
     * @param base under which the JDK finds the directory, absolute
     */
    protected JdkDir(Opened<F> opened, Path base) {
        this.opened = opened;
        this.base = base;
    }

    /** Opens a directory by its name. */
    public static <F> DirCalls<F> open(Opened<F> opened, Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
            throw notDirectory();
        }
        return new JdkDir<>(opened, path.toRealPath());
    }

    /** Opens a directory that no name leads out of. */
    public static <F> DirCalls<F> openConfined(Opened<F> opened, Path path) throws IOException {
        return SecureDir.open(opened, path);
    }

    static JdkDir<?> of(String verb, DirCalls<?> calls) {
        if (calls instanceof JdkDir<?> dir) {
            return dir;
        }
        throw new UnsupportedOperationException(
                verb + " to a confined directory that the JDK has opened: use a native backend");
    }

    static ErrnoException notDirectory() {
        return new ErrnoException("not a directory", "ENOTDIR");
    }

    // ---------------------------------------------------------------- where things are

    /** Returns the base. */
    protected final Path base() {
        return base;
    }

    /** Returns a path whose last part is that of the name, for what does not follow a symbolic link there. */
    protected Place at(String name) throws IOException {
        Path path = resolve(name);
        return () -> path;
    }

    /** Returns a path that may be followed to what the name stands for. */
    protected Place target(String name) throws IOException {
        return at(name);
    }

    private Path resolve(String name) throws IOException {
        requireOpen();
        if (name.isEmpty()) {
            throw new ErrnoException("no such file or directory", "ENOENT");
        }
        return name.equals(".") ? base : base.resolve(name);
    }

    /** Fails once it is closed. */
    protected final void requireOpen() throws IOException {
        if (closed) {
            throw new ErrnoException("the directory is closed", "EBADF");
        }
    }

    // ---------------------------------------------------------------- opening

    @Override
    public F openFile(String name, OpenOptions options) throws IOException {
        return opened.of(openFile(resolve(name), options));
    }

    /** Opens a file by the JDK. */
    public static JdkFile openFile(Path path, OpenOptions options) throws IOException {
        if (JdkOpen.createsBefore(options)) {
            JdkFile.of(
                            FileChannel.open(
                                    path, JdkOpen.creating(options), JdkOpen.permissions(options.permissions())),
                            path)
                    .close(); // so that it drops no lock
        }
        FileChannel channel =
                FileChannel.open(path, JdkOpen.options(options), JdkOpen.permissions(options.permissions()));
        JdkFile file = JdkFile.of(channel, path);
        file.truncateFor(options);
        return file;
    }

    @Override
    public DirCalls<F> openDirectory(String name) throws IOException {
        return open(opened, resolve(name));
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // it is closed, or handed on
    public DirCalls<F> openDirectoryNoFollow(String name) throws IOException {
        Path path = resolve(name);
        Path last = path.getFileName();
        if (path.getParent() == null || last == null || DOTS.contains(last.toString())) {
            return openDirectory(name); // no link has that name
        }
        DirectoryStream<Path> stream = Files.newDirectoryStream(path.getParent());
        if (stream instanceof SecureDirectoryStream<Path> parent) {
            try (parent) {
                return SecureDir.below(opened, parent, last, path);
            }
        }
        stream.close();
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isDirectory()) {
            throw notDirectory();
        }
        return new JdkDir<>(opened, path);
    }

    // ---------------------------------------------------------------- names

    @Override
    public void createDirectory(String name, int permissions) throws IOException {
        try (Place place = at(name)) {
            Files.createDirectory(place.path(), JdkOpen.permissions(permissions));
        }
    }

    /** The JDK deletes whatever has the name; a stream of its directory knows the difference, where the system does. */
    @Override
    public void deleteFile(String name) throws IOException {
        delete(resolve(name), false);
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        delete(resolve(name), true);
    }

    private static void delete(Path path, boolean directory) throws IOException {
        Path parent = path.getParent();
        Path last = path.getFileName();
        if (parent == null || last == null) {
            throw new ErrnoException("the root cannot be deleted", directory ? "EBUSY" : "EISDIR");
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            if (siblings instanceof SecureDirectoryStream<Path> secure) {
                if (directory) {
                    secure.deleteDirectory(last);
                } else {
                    secure.deleteFile(last);
                }
                return;
            }
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) != directory) {
            throw directory ? notDirectory() : new ErrnoException("is a directory", "EISDIR");
        }
        Files.delete(path);
    }

    @Override
    public void rename(String name, DirCalls<?> to, String newName, boolean replace) throws IOException {
        try (Place from = at(name);
                Place target = of("rename", to).at(newName)) {
            if (replace) {
                Files.move(from.path(), target.path(), StandardCopyOption.ATOMIC_MOVE);
            } else {
                moveNew(from.path(), target.path());
            }
        }
    }

    /** The JDK looks first and moves then, and who comes in between is replaced; but a link refuses. */
    private static void moveNew(Path from, Path to) throws IOException {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnsupportedOperationException(
                    "rename directory " + from + " without replacing another: the JDK cannot; use a native backend");
        }
        Files.createLink(to, from);
        Files.delete(from);
    }

    @Override
    public void link(String name, DirCalls<?> to, String newName) throws IOException {
        try (Place place = at(name)) {
            of("link", to).linkFrom(place.path(), newName);
        }
    }

    /** Gives what has that path a second name here. */
    protected final void linkFrom(Path file, String newName) throws IOException {
        try (Place place = at(newName)) {
            Files.createLink(place.path(), file);
        }
    }

    @Override
    public void symbolicLink(String target, String name) throws IOException {
        try (Place place = at(name)) {
            Files.createSymbolicLink(place.path(), Path.of(target));
        }
    }

    @Override
    public String readLink(String name) throws IOException {
        try (Place place = at(name)) {
            return Files.readSymbolicLink(place.path()).toString();
        }
    }

    @Override
    public Path realPath(String name) throws IOException {
        try (Place place = target(name)) {
            return place.path().toRealPath();
        }
    }

    // ---------------------------------------------------------------- what they are

    @Override
    public FileStat stat(String name, boolean follow) throws IOException {
        try (Place place = follow ? target(name) : at(name)) {
            return JdkStat.of(place.path(), follow);
        }
    }

    @Override
    public void access(String name, Set<AccessMode> modes) throws IOException {
        try (Place place = target(name)) {
            Path path = place.path();
            path.getFileSystem().provider().checkAccess(path, modes.toArray(new AccessMode[0]));
        }
    }

    @Override
    public void change(String name, AttributeChange change) throws IOException {
        try (Place place = target(name)) {
            change.apply(place.path());
        }
    }

    @Override
    public Listing list(String name) throws IOException {
        try (Place place = target(name)) {
            return list(place.path());
        }
    }

    @SuppressWarnings("StreamResourceLeak") // the listing closes it
    private static Listing list(Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        if (stream instanceof SecureDirectoryStream<Path> secure) { // which needs no path
            return SecureDir.names(secure);
        }
        return new JdkNames(stream, JdkStat::kindOf);
    }

    @Override
    public void sync() throws IOException {
        requireOpen();
        try (FileChannel channel = FileChannel.open(base, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean isConfined() {
        return false;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
