package io.amphio.spi.files;

import io.amphio.fs.FileStat;
import io.amphio.fs.OpenOptions;
import io.amphio.spi.ErrnoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A confined directory by the JDK's {@link SecureDirectoryStream}, which is a handle of it: each name is walked part by part, each
 * relative to the one before, and a symbolic link is never followed.
 *
 * @param <F> what an open file is
 */
final class SecureDir<F> implements DirCalls<F> {
    private static final Path ITSELF = Path.of(".");
    private static final int POSIX_PERMISSIONS = 0777;

    private final JdkDir.Opened<F> opened;
    private final SecureDirectoryStream<Path> stream;
    private final Path shown; // what it was opened as

    private SecureDir(JdkDir.Opened<F> opened, SecureDirectoryStream<Path> stream, Path shown) {
        this.opened = opened;
        this.stream = stream;
        this.shown = shown;
    }

    /** Opens one that is reached by its name, following links. */
    @SuppressWarnings("StreamResourceLeak") // it is closed, or the directory's
    static <F> DirCalls<F> open(JdkDir.Opened<F> opened, Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new SecureDir<>(opened, secure, path.toAbsolutePath());
        }
        stream.close();
        throw new UnsupportedOperationException("open " + path
                + " as a confined directory: the JDK has no SecureDirectoryStream here; use a native backend on Linux");
    }

    static <F> DirCalls<F> below(JdkDir.Opened<F> opened, SecureDirectoryStream<Path> parent, Path name, Path shown)
            throws IOException {
        return new SecureDir<>(opened, secure(parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)), shown);
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new AssertionError("a secure directory stream opens no other: " + stream);
    }

    // ---------------------------------------------------------------- walking

    @FunctionalInterface
    private interface Call<T> {
        T make(SecureDirectoryStream<Path> parent, Path last) throws IOException;
    }

    /** Makes a call relative to the last directory but one of a name. */
    private <T> T walk(String name, Call<T> call) throws IOException {
        List<Path> parts = parts(name);
        SecureDirectoryStream<Path> inner = stream;
        try {
            for (Path part : parts.subList(0, parts.size() - 1)) {
                SecureDirectoryStream<Path> next = secure(inner.newDirectoryStream(part, LinkOption.NOFOLLOW_LINKS));
                closeBelow(inner);
                inner = next;
            }
            return call.make(inner, parts.getLast());
        } finally {
            closeBelow(inner);
        }
    }

    @SuppressWarnings("ReferenceEquality") // an open stream is an identity
    private void closeBelow(SecureDirectoryStream<Path> inner) throws IOException {
        if (inner != stream) {
            inner.close();
        }
    }

    private static List<Path> parts(String name) throws IOException {
        if (name.isEmpty()) {
            throw new ErrnoException("no such file or directory", "ENOENT");
        }
        Path path = Path.of(name);
        if (path.isAbsolute()) {
            throw leadsOut();
        }
        List<Path> parts = new ArrayList<>();
        for (Path part : path) {
            if (part.toString().equals("..")) {
                throw leadsOut();
            }
            if (!part.toString().equals(".")) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? List.of(ITSELF) : parts;
    }

    private static ErrnoException leadsOut() {
        return new ErrnoException("the name leads out of its directory", "EXDEV");
    }

    private static UnsupportedOperationException cannot(String what) {
        return new UnsupportedOperationException(
                what + " in a confined directory: the JDK cannot; use a native backend on Linux");
    }

    // ---------------------------------------------------------------- opening

    @Override
    public F openFile(String name, OpenOptions options) throws IOException {
        return walk(name, (parent, last) -> {
            if (JdkOpen.createsBefore(options)) {
                JdkFile.of(channel(parent, last, JdkOpen.creating(options), options), shown.resolve(name))
                        .close(); // so that it drops no lock
            }
            FileChannel channel = channel(parent, last, JdkOpen.options(options), options);
            JdkFile file = JdkFile.of(channel, shown.resolve(name));
            file.truncateFor(options);
            return opened.of(file);
        });
    }

    private static FileChannel channel(
            SecureDirectoryStream<Path> parent, Path last, Set<OpenOption> how, OpenOptions options)
            throws IOException {
        Set<OpenOption> all = new HashSet<>(how);
        all.add(LinkOption.NOFOLLOW_LINKS);
        SeekableByteChannel channel = parent.newByteChannel(last, all, JdkOpen.permissions(options.permissions()));
        if (channel instanceof FileChannel file) {
            return file;
        }
        channel.close();
        throw cannot("open a file");
    }

    @Override
    public DirCalls<F> openDirectory(String name) throws IOException {
        return walk(name, (parent, last) -> below(opened, parent, last, shown.resolve(name)));
    }

    @Override
    public DirCalls<F> openDirectoryNoFollow(String name) throws IOException {
        return openDirectory(name);
    }

    // ---------------------------------------------------------------- names

    @Override
    public void createDirectory(String name, int permissions) throws IOException {
        parts(name);
        throw cannot("make a directory");
    }

    @Override
    public void deleteFile(String name) throws IOException {
        walk(name, (parent, last) -> {
            parent.deleteFile(last);
            return true;
        });
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        walk(name, (parent, last) -> {
            parent.deleteDirectory(last);
            return true;
        });
    }

    @Override
    public void rename(String name, DirCalls<?> to, String newName, boolean replace) throws IOException {
        if (!replace) {
            throw cannot("rename without replacing another");
        }
        if (!(to instanceof SecureDir<?> other)) {
            throw cannot("rename out of or into a directory that is not confined,");
        }
        walk(
                name,
                (parent, last) -> other.walk(newName, (otherParent, otherLast) -> {
                    parent.move(last, otherParent, otherLast);
                    return true;
                }));
    }

    @Override
    public void link(String name, DirCalls<?> to, String newName) {
        throw cannot("link");
    }

    @Override
    public void symbolicLink(String target, String name) {
        throw cannot("make a symbolic link");
    }

    @Override
    public String readLink(String name) {
        throw cannot("read a symbolic link");
    }

    @Override
    public Path realPath(String name) {
        throw cannot("find a real path");
    }

    // ---------------------------------------------------------------- what they are

    @Override
    public FileStat stat(String name, boolean follow) throws IOException {
        return walk(name, (parent, last) -> {
            PosixFileAttributes attributes = view(parent, last).readAttributes();
            if (follow && attributes.isSymbolicLink()) {
                throw new ErrnoException("too many levels of symbolic links: none is followed here", "ELOOP");
            }
            return JdkStat.of(attributes);
        });
    }

    private static PosixFileAttributeView view(SecureDirectoryStream<Path> parent, Path last) {
        return parent.getFileAttributeView(last, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void access(String name, Set<AccessMode> modes) throws IOException {
        if (!modes.isEmpty()) {
            throw cannot("check access");
        }
        stat(name, true);
    }

    @Override
    public void change(String name, AttributeChange change) throws IOException {
        walk(name, (parent, last) -> {
            PosixFileAttributeView view = view(parent, last);
            ProcessLocks.opening(JdkStat.of(view.readAttributes()).key(), () -> change(view, change));
            return true;
        });
    }

    private void change(PosixFileAttributeView view, AttributeChange change) throws IOException {
        switch (change) {
            case AttributeChange.Permissions(int mode) -> {
                if ((mode & ~POSIX_PERMISSIONS) != 0) {
                    throw cannot("set other permissions than 0777");
                }
                view.setPermissions(JdkOpen.posix(mode));
            }
            case AttributeChange.Owner owner -> setOwner(view, owner);
            case AttributeChange.Times times -> times.apply(view);
        }
    }

    /** Numbers that have no name are names of themselves to the JDK. */
    private void setOwner(PosixFileAttributeView view, AttributeChange.Owner owner) throws IOException {
        UserPrincipalLookupService names = shown.getFileSystem().getUserPrincipalLookupService();
        if (owner.userId() != null) {
            view.setOwner(names.lookupPrincipalByName(owner.userId().toString()));
        }
        if (owner.groupId() != null) {
            view.setGroup(names.lookupPrincipalByGroupName(owner.groupId().toString()));
        }
        if (owner.userId() == null && owner.groupId() == null) {
            view.readAttributes(); // it has to be there all the same
        }
    }

    @Override
    public Listing list(String name) throws IOException {
        return walk(name, (parent, last) -> names(secure(parent.newDirectoryStream(last, LinkOption.NOFOLLOW_LINKS))));
    }

    static Listing names(SecureDirectoryStream<Path> list) {
        return new JdkNames(list, entry -> {
            Path name = entry.getFileName();
            return JdkStat.kind(list.getFileAttributeView(
                            name == null ? entry : name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes());
        });
    }

    @Override
    public void sync() throws IOException {
        try (SeekableByteChannel channel = stream.newByteChannel(ITSELF, Set.of(StandardOpenOption.READ))) {
            if (!(channel instanceof FileChannel file)) {
                throw cannot("sync");
            }
            file.force(true);
        }
    }

    @Override
    public boolean isConfined() {
        return true;
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException ignored) {
            // the handle is gone all the same
        }
    }

    @Override
    public String toString() {
        return shown.toString();
    }
}
