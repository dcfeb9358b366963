package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileStat;
import io.amphio.fs.TimeChange;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of files, and changed of that. */
public abstract class FileStatusConformance extends FolderConformance {
    private static final Instant LONG_AGO = Instant.ofEpochSecond(1_000_000_000, 123_456_000);
    private static final Instant LATER = Instant.ofEpochSecond(1_100_000_000, 654_321_000);

    @Test
    void the_status_of_a_file_is_the_same_by_every_name_and_by_its_handle() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH.permissions(0600))) {
                file.writeAll(io, bytes("abc"));
                dir.symbolicLink(io, "a", "s");
                file.link(io, dir, "b");
                refused("link", "EEXIST", () -> file.link(io, dir, "b"));
                FileStat stat = file.stat(io);
                assertEquals(FileKind.REGULAR, stat.kind());
                assertEquals(3, stat.sizeBytes());
                assertEquals(0600, stat.permissions());
                assertEquals(2, stat.links());
                assertNotNull(stat.key());
                assertEquals(stat, dir.stat(io, "a"));
                assertEquals(stat, dir.stat(io, "b"));
                assertEquals(stat, dir.stat(io, "s"));
                FileStat link = dir.stat(io, "s", false);
                assertEquals(FileKind.SYMBOLIC_LINK, link.kind());
                assertNotEquals(stat.key(), link.key());
                assertEquals(FileKind.DIRECTORY, dir.stat(io).kind());
                assertEquals(dir.stat(io), dir.stat(io, "."));
                assertThrows(NoSuchFileException.class, () -> dir.stat(io, "none"));
                assertThrows(FileSystemException.class, () -> dir.stat(io, "a/x")); // the JDK says ENOENT for ENOTDIR
            }
        });
    }

    @Test
    void permissions_are_set_by_name_and_by_handle() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                file.setPermissions(io, 0640);
                assertEquals(0640, dir.stat(io, "a").permissions());
                dir.symbolicLink(io, "a", "s");
                dir.setPermissions(io, "s", 0604);
                assertEquals(0604, file.stat(io).permissions());
                dir.createDir(io, "d", 0700);
                assertEquals(0700, dir.stat(io, "d").permissions());
                try (Dir inner = dir.openDir(io, "d")) {
                    inner.setPermissions(io, 0750);
                }
                assertEquals(0750, dir.stat(io, "d").permissions());
                assertThrows(IllegalArgumentException.class, () -> file.setPermissions(io, 010000));
                assertThrows(NoSuchFileException.class, () -> dir.setPermissions(io, "none", 0600));
            }
        });
    }

    @Test
    void an_owner_that_is_null_stays_and_one_that_is_the_same_may_be_set() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                FileStat before = file.stat(io);
                file.setOwner(io, null, null);
                dir.setOwner(io, "a", null, null);
                file.setOwner(io, (int) before.userId(), null);
                dir.setOwner(io, "a", null, (int) before.groupId());
                assertEquals(before.userId(), file.stat(io).userId());
                assertEquals(before.groupId(), file.stat(io).groupId());
                assertThrows(NoSuchFileException.class, () -> dir.setOwner(io, "none", null, null));
            }
        });
    }

    @Test
    void times_are_set_left_and_set_to_now() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                file.setTimes(io, TimeChange.to(LONG_AGO), TimeChange.to(LATER));
                assertEquals(LONG_AGO, dir.stat(io, "a").accessed());
                assertEquals(LATER, dir.stat(io, "a").modified());
                dir.setTimes(io, "a", TimeChange.LEAVE, TimeChange.to(LONG_AGO));
                assertEquals(LONG_AGO, file.stat(io).accessed());
                assertEquals(LONG_AGO, file.stat(io).modified());
                file.setTimes(io, TimeChange.NOW, TimeChange.LEAVE);
                Instant now = file.stat(io).accessed();
                Duration off = Duration.between(io.clock().now(), now).abs();
                assertFalse(off.compareTo(Duration.ofMinutes(1)) > 0, "off by " + off);
                assertEquals(LONG_AGO, file.stat(io).modified());
                dir.createDir(io, "d");
                try (Dir inner = dir.openDir(io, "d")) {
                    inner.setTimes(io, TimeChange.to(LATER), TimeChange.to(LONG_AGO));
                    assertEquals(LONG_AGO, inner.stat(io).modified());
                }
            }
        });
    }

    @Test
    void access_tells_whether_it_is_there_and_may_be_used() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                write(io, dir, "a", "");
                dir.setPermissions(io, "a", 0600);
                dir.access(io, "a", Set.of());
                dir.access(io, "a", Set.of(AccessMode.READ, AccessMode.WRITE));
                refused("access", "EACCES", () -> dir.access(io, "a", Set.of(AccessMode.EXECUTE)));
                assertThrows(NoSuchFileException.class, () -> dir.access(io, "none", Set.of()));
            }
        });
    }

    @Test
    void real_paths_have_no_symbolic_links() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                dir.createDirPath(io, "x/y");
                write(io, dir, "x/y/a", "");
                dir.symbolicLink(io, "x/y", "s");
                Path real = dir.realPath(io);
                assertEquals(real.resolve("x/y/a"), dir.realPath(io, "s/a"));
                assertEquals(real.resolve("x/y"), dir.realPath(io, "s"));
                assertThrows(NoSuchFileException.class, () -> dir.realPath(io, "none"));
                refused("read link", "EINVAL", () -> dir.readLink(io, "x"));
            }
        });
    }

    @Test
    void an_open_file_tells_its_real_path_while_it_has_one() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(io, "a", BOTH)) {
                assertEquals(dir.realPath(io, "a"), file.realPath(io));
                dir.delete(io, "a");
                refused("real path of", "ENOENT", () -> file.realPath(io));
                assertEquals(0, file.stat(io).sizeBytes());
            }
        });
    }
}
