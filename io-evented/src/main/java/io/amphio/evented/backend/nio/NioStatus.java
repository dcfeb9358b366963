package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.FileStatus;
import io.amphio.fs.FileKey;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileStat;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells what a file is, by name: all of it where the JDK has the view of a Unix system. */
final class NioStatus {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final int PERMISSIONS = 07777;
    private static final int MOST_LINKS = 40; // as on Linux
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};
    private static final LinkOption[] FOLLOW = {};

    private NioStatus() {}

    static FileStatus ofName(Path path, boolean noFollow) throws IOException {
        try {
            return read(path, noFollow);
        } catch (NoSuchFileException e) {
            throw isBelowFile(path, noFollow, 0) ? new Failure("not a directory", "ENOTDIR", e) : e;
        }
    }

    /**
     * Whether it is missing because something on the way to it is no directory, which the JDK does not tell from missing. Walks
     * the way name by name, and through symbolic links, as the kernel does.
     */
    private static boolean isBelowFile(Path path, boolean noFollow, int links) throws IOException {
        Path whole = path.toAbsolutePath();
        Path at = whole.getRoot();
        int count = whole.getNameCount();
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            Path next = at.resolve(whole.getName(i));
            if (Files.isSymbolicLink(next) && !(last && noFollow)) {
                Path target = at.resolve(Files.readSymbolicLink(next));
                Path rest = last ? target : target.resolve(whole.subpath(i + 1, count));
                return links < MOST_LINKS && isBelowFile(rest, noFollow, links + 1);
            }
            if (last || !Files.exists(next, NO_FOLLOW)) {
                return false;
            }
            if (!Files.isDirectory(next, NO_FOLLOW)) {
                return true;
            }
            at = next;
        }
        return false;
    }

    private static FileStatus read(Path path, boolean noFollow) throws IOException {
        LinkOption[] options = noFollow ? NO_FOLLOW : FOLLOW;
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, options);
        if (!UNIX) {
            long modified = nanos(basic.lastModifiedTime());
            return new FileStatus(
                    type(basic),
                    basic.size(),
                    -1,
                    -1,
                    -1,
                    -1,
                    -1,
                    -1,
                    nanos(basic.lastAccessTime()),
                    modified,
                    modified);
        }
        Map<String, Object> unix = Files.readAttributes(path, "unix:*", options);
        return new FileStatus(
                type(basic),
                number(unix, "size"),
                (int) number(unix, "mode") & PERMISSIONS,
                number(unix, "dev"),
                number(unix, "ino"),
                number(unix, "nlink"),
                number(unix, "uid"),
                number(unix, "gid"),
                time(unix, "lastAccessTime"),
                time(unix, "lastModifiedTime"),
                time(unix, "ctime"));
    }

    /** By its name, if that is still the same file; if not, what the channel tells: the size. */
    static FileStatus ofFile(NioFile file) throws IOException {
        FileStat stat = file.fileCalls().stat();
        FileKey key = stat.key();
        return new FileStatus(
                type(stat.kind()),
                stat.sizeBytes(),
                stat.permissions(),
                key == null || stat.permissions() < 0 ? -1 : key.device(),
                key == null || stat.permissions() < 0 ? -1 : key.inode(),
                stat.links(),
                stat.userId(),
                stat.groupId(),
                nanos(stat.accessed()),
                nanos(stat.modified()),
                nanos(stat.changed() != null ? stat.changed() : stat.modified()));
    }

    private static FileStatus.Type type(FileKind kind) {
        return switch (kind) {
            case REGULAR -> FileStatus.Type.REGULAR;
            case DIRECTORY -> FileStatus.Type.DIRECTORY;
            case SYMBOLIC_LINK -> FileStatus.Type.SYMBOLIC_LINK;
            case OTHER -> FileStatus.Type.OTHER;
        };
    }

    private static long nanos(@Nullable Instant instant) {
        return instant == null ? -1 : nanos(FileTime.from(instant));
    }

    private static FileStatus.Type type(BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return FileStatus.Type.REGULAR;
        }
        if (attributes.isDirectory()) {
            return FileStatus.Type.DIRECTORY;
        }
        return attributes.isSymbolicLink() ? FileStatus.Type.SYMBOLIC_LINK : FileStatus.Type.OTHER;
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : -1;
    }

    private static long time(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof FileTime time ? nanos(time) : -1;
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }
}
