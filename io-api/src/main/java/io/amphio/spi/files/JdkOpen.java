package io.amphio.spi.files;

import io.amphio.fs.OpenOptions;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** How the JDK says how to open. */
final class JdkOpen {
    private static final FileAttribute<?>[] NONE = {};
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private JdkOpen() {}

    static Set<OpenOption> options(OpenOptions options) {
        Set<OpenOption> jdk = new HashSet<>();
        if (options.isReading()) {
            jdk.add(StandardOpenOption.READ);
        }
        if (!options.isFollowing()) {
            jdk.add(LinkOption.NOFOLLOW_LINKS);
        }
        if (options.isWriting()) {
            jdk.add(options.isAppending() ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
            if (options.isTruncating() && !options.isAppending()) { // which the JDK refuses together
                jdk.add(StandardOpenOption.TRUNCATE_EXISTING);
            }
            addCreation(jdk, options);
        }
        return jdk;
    }

    /** The JDK creates nothing that is opened only to be read: so that is done by these first. */
    static Set<OpenOption> creating(OpenOptions options) {
        Set<OpenOption> jdk = new HashSet<>();
        jdk.add(StandardOpenOption.WRITE);
        if (!options.isFollowing()) {
            jdk.add(LinkOption.NOFOLLOW_LINKS);
        }
        addCreation(jdk, options);
        return jdk;
    }

    private static void addCreation(Set<OpenOption> jdk, OpenOptions options) {
        switch (options.creation()) {
            case NEVER -> {}
            case IF_MISSING -> jdk.add(StandardOpenOption.CREATE);
            case ALWAYS -> jdk.add(StandardOpenOption.CREATE_NEW);
        }
    }

    static boolean createsBefore(OpenOptions options) {
        return options.creation() != OpenOptions.Creation.NEVER && !options.isWriting();
    }

    /** The permissions of what is made, as far as the file system has any. */
    static FileAttribute<?>[] permissions(int mode) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(posix(mode))} : NONE;
    }

    @SuppressWarnings("EnumOrdinal") // they are in the order of the bits
    static Set<PosixFilePermission> posix(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission each : PosixFilePermission.values()) {
            if ((mode & (0400 >> each.ordinal())) != 0) {
                permissions.add(each);
            }
        }
        return permissions;
    }
}
