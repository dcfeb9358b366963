package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Failure;
import io.amphio.evented.backend.OpenFlags;
import io.amphio.evented.backend.Operation;
import io.amphio.spi.files.JdkFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * Opens files as a POSIX system would. The JDK differs in three ways: it creates nothing for reading, it refuses to cut off
 * what it appends to, and it opens no directories.
 */
final class NioOpening {
    private static final int PERMISSIONS = 0777;
    private static final FileAttribute<?>[] NONE = {};

    private NioOpening() {}

    static Descriptor open(Operation operation, Path path) throws IOException {
        if (operation.has(OpenFlags.DIRECTORY)) {
            return directory(path, links(operation));
        }
        boolean writing = operation.has(OpenFlags.WRITE) || operation.has(OpenFlags.APPEND);
        if (operation.has(OpenFlags.CREATE) && !writing) {
            create(operation, path);
        }
        JdkFile file =
                JdkFile.of(FileChannel.open(path, options(operation, writing), attributes(operation, writing)), path);
        try {
            if (operation.has(OpenFlags.TRUNCATE) && operation.has(OpenFlags.APPEND)) {
                file.channel().truncate(0);
            }
            return NioFile.of(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static LinkOption[] links(Operation operation) {
        return operation.has(OpenFlags.NO_FOLLOW) ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    }

    private static NioDirectory directory(Path path, LinkOption[] options) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class, options).isDirectory()) {
            throw new Failure("not a directory", "ENOTDIR", null);
        }
        return new NioDirectory(path.toRealPath());
    }

    private static void create(Operation operation, Path path) throws IOException {
        if (Files.isDirectory(path, links(operation)) && !operation.has(OpenFlags.EXCLUSIVE)) {
            throw new Failure("is a directory", "EISDIR", null);
        }
        if (operation.has(OpenFlags.EXCLUSIVE) || !Files.exists(path)) {
            JdkFile.of(FileChannel.open(path, options(operation, true), attributes(operation, true)), path)
                    .close(); // so that it drops no lock, if others were faster
        }
    }

    private static Set<OpenOption> options(Operation operation, boolean writing) {
        Set<OpenOption> options = new HashSet<>();
        boolean appending = operation.has(OpenFlags.APPEND);
        add(options, operation.has(OpenFlags.READ), StandardOpenOption.READ);
        add(options, writing && !appending, StandardOpenOption.WRITE);
        add(options, appending, StandardOpenOption.APPEND);
        add(options, operation.has(OpenFlags.NO_FOLLOW), LinkOption.NOFOLLOW_LINKS);
        add(options, operation.has(OpenFlags.SYNC), StandardOpenOption.SYNC);
        add(options, operation.has(OpenFlags.DATA_SYNC), StandardOpenOption.DSYNC);
        if (writing) {
            boolean truncating = operation.has(OpenFlags.TRUNCATE) && !appending;
            boolean exclusive = operation.has(OpenFlags.EXCLUSIVE);
            add(options, truncating, StandardOpenOption.TRUNCATE_EXISTING);
            add(options, operation.has(OpenFlags.CREATE) && !exclusive, StandardOpenOption.CREATE);
            add(options, operation.has(OpenFlags.CREATE) && exclusive, StandardOpenOption.CREATE_NEW);
        }
        return options;
    }

    private static void add(Set<OpenOption> options, boolean wanted, OpenOption option) {
        if (wanted) {
            options.add(option);
        }
    }

    /** The permissions of what is created, as far as the file system has any. */
    static FileAttribute<?>[] attributes(Operation operation, boolean creating) {
        boolean posix = java.nio.file.FileSystems.getDefault()
                .supportedFileAttributeViews()
                .contains("posix");
        if (!creating || !posix) {
            return NONE;
        }
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(operation.mode()))};
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's read down to the others' execute
        Set<PosixFilePermission> permissions = new HashSet<>();
        for (int i = 0; i < all.length; i++) {
            if (((mode & PERMISSIONS) & (1 << (all.length - 1 - i))) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
