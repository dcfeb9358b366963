package io.amphio.spi.files;

import io.amphio.fs.FileKey;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileStat;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the JDK tells about a file: all of it where it has the view of a Unix system. */
public final class JdkStat {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final int PERMISSIONS = 07777;
    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};

    private JdkStat() {}

    /** Tells about what has that path. */
    public static FileStat of(Path path, boolean follow) throws IOException {
        LinkOption[] links = links(follow);
        if (!UNIX) {
            return of(Files.readAttributes(path, BasicFileAttributes.class, links));
        }
        Map<String, Object> unix = Files.readAttributes(path, "unix:*", links);
        return new FileStat(
                kind(unix),
                number(unix, "size"),
                (int) number(unix, "mode") & PERMISSIONS,
                new FileKey(number(unix, "dev"), number(unix, "ino")),
                number(unix, "nlink"),
                number(unix, "uid"),
                number(unix, "gid"),
                time(unix, "lastAccessTime"),
                time(unix, "lastModifiedTime"),
                time(unix, "ctime"),
                time(unix, "creationTime"));
    }

    /** Tells what attributes say that are there already. */
    static FileStat of(BasicFileAttributes attributes) {
        int permissions = attributes instanceof PosixFileAttributes posix ? mode(posix.permissions()) : -1;
        return new FileStat(
                kind(attributes),
                attributes.size(),
                permissions,
                key(attributes.fileKey()),
                -1,
                -1,
                -1,
                attributes.lastAccessTime().toInstant(),
                attributes.lastModifiedTime().toInstant(),
                null,
                attributes.creationTime().toInstant());
    }

    static LinkOption[] links(boolean follow) {
        return follow ? FOLLOW : NO_FOLLOW;
    }

    /** Tells what has that path; a symbolic link is told as itself. */
    static FileKind kindOf(Path path) throws IOException {
        return kind(Files.readAttributes(path, BasicFileAttributes.class, NO_FOLLOW));
    }

    static FileKind kind(BasicFileAttributes attributes) {
        return kind(attributes.isRegularFile(), attributes.isDirectory(), attributes.isSymbolicLink());
    }

    private static FileKind kind(Map<String, Object> unix) {
        return kind(is(unix, "isRegularFile"), is(unix, "isDirectory"), is(unix, "isSymbolicLink"));
    }

    private static FileKind kind(boolean regular, boolean directory, boolean link) {
        return regular
                ? FileKind.REGULAR
                : directory ? FileKind.DIRECTORY : link ? FileKind.SYMBOLIC_LINK : FileKind.OTHER;
    }

    private static boolean is(Map<String, Object> attributes, String name) {
        return Boolean.TRUE.equals(attributes.get(name));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : -1;
    }

    private static @Nullable Instant time(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof FileTime time ? time.toInstant() : null;
    }

    /** The JDK shows it as text only: {@code (dev=801,ino=42)}, the first in hexadecimal. */
    private static @Nullable FileKey key(@Nullable Object key) {
        if (key == null) {
            return null;
        }
        String text = key.toString();
        int comma = text.indexOf(",ino=");
        try {
            return new FileKey(
                    Long.parseUnsignedLong(text.substring("(dev=".length(), comma), 16),
                    Long.parseLong(text.substring(comma + ",ino=".length(), text.length() - 1)));
        } catch (RuntimeException other) { // another file system's
            return null;
        }
    }

    @SuppressWarnings("EnumOrdinal") // they are in the order of the bits
    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission each : permissions) {
            mode |= 0400 >> each.ordinal(); // from the owner's read down to the others' execute
        }
        return mode;
    }
}
