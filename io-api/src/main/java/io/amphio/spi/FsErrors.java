package io.amphio.spi;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What file systems refuse, told as {@code /tmp/x: open: no such file or directory (ENOENT)}, in the JDK's own types of
 * exceptions, the same on every {@code Io}.
 */
public final class FsErrors {
    private static final Map<String, String> ERRNO_BY_TEXT = Map.ofEntries(
            Map.entry("is a directory", "EISDIR"),
            Map.entry("not a directory", "ENOTDIR"),
            Map.entry("directory not empty", "ENOTEMPTY"),
            Map.entry("device or resource busy", "EBUSY"),
            Map.entry("too many links", "EMLINK"),
            Map.entry("invalid cross-device link", "EXDEV"),
            Map.entry("no such device", "ENODEV"),
            Map.entry("operation not supported", "EOPNOTSUPP"),
            Map.entry("no space left on device", "ENOSPC"),
            Map.entry("disk quota exceeded", "EDQUOT"),
            Map.entry("file too large", "EFBIG"),
            Map.entry("file name too long", "ENAMETOOLONG"),
            Map.entry("read-only file system", "EROFS"),
            Map.entry("operation not permitted", "EPERM"),
            Map.entry("too many open files", "EMFILE"),
            Map.entry("invalid argument", "EINVAL"),
            Map.entry("bad file descriptor", "EBADF"),
            Map.entry("input/output error", "EIO"),
            Map.entry("no such device or address", "ENXIO"),
            Map.entry("text file busy", "ETXTBSY"),
            Map.entry("illegal seek", "ESPIPE"));

    private FsErrors() {}

    /** Returns the exception of an operation that the system refused. */
    public static IOException of(
            String operation, Path path, String reason, @Nullable String errno, @Nullable Throwable cause) {
        String text = operation + ": " + reason + (errno == null ? "" : " (" + errno + ")");
        String file = path.toString();
        FileSystemException told = switch (errno) {
            case "ENOENT" -> new NoSuchFileException(file, null, text);
            case "EEXIST" -> new FileAlreadyExistsException(file, null, text);
            case "EACCES" -> new AccessDeniedException(file, null, text);
            case null, default -> new FileSystemException(file, null, text);
        };
        if (cause != null) {
            told.initCause(cause);
        }
        return told;
    }

    /** Returns the exception of an operation that the JDK refused. */
    public static IOException of(String operation, Path path, Exception thrown) {
        return switch (thrown) {
            case ErrnoException told -> of(operation, path, told.reason(), told.errno(), thrown);
            case AtomicMoveNotSupportedException _ ->
                of(operation, path, "the two are on different file systems", "EXDEV", thrown);
            case NotLinkException _ -> of(operation, path, "not a symbolic link", "EINVAL", thrown);
            case NoSuchFileException _ -> of(operation, path, "no such file or directory", "ENOENT", thrown);
            case FileAlreadyExistsException _ -> of(operation, path, "file exists", "EEXIST", thrown);
            case AccessDeniedException _ -> of(operation, path, "permission denied", "EACCES", thrown);
            case NotDirectoryException _ -> of(operation, path, "not a directory", "ENOTDIR", thrown);
            case DirectoryNotEmptyException _ -> of(operation, path, "directory not empty", "ENOTEMPTY", thrown);
            case NonReadableChannelException _ -> of(operation, path, "not open for reading", "EBADF", thrown);
            case NonWritableChannelException _ -> of(operation, path, "not open for writing", "EBADF", thrown);
            case ClosedChannelException _ -> closed(operation, path);
            case FileSystemException known -> byText(operation, path, known.getReason(), thrown);
            default -> byText(operation, path, thrown.getMessage(), thrown);
        };
    }

    private static IOException byText(String operation, Path path, @Nullable String text, Exception thrown) {
        String reason = text == null ? thrown.toString() : text.toLowerCase(Locale.ROOT);
        if (reason.contains("symbolic link")) {
            return of(operation, path, "too many levels of symbolic links", "ELOOP", thrown);
        }
        return of(operation, path, reason, ERRNO_BY_TEXT.get(reason), thrown);
    }

    /** Returns the exception of an operation on a file that this process has closed. */
    public static IOException closed(String operation, Path path) {
        return of(operation, path, "the file is closed", "EBADF", null);
    }
}
