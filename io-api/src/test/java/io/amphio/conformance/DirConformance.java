package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.fs.AtomicFile;
import io.amphio.fs.AtomicOptions;
import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.FileKind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What directories promise about the names in them. */
public abstract class DirConformance extends FolderConformance {
    @Test
    void names_are_made_renamed_linked_listed_and_deleted() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                dir.createDirPath(io, "x/y/z");
                assertEquals(FileKind.DIRECTORY, dir.stat(io, "x/y/z").kind());
                write(io, dir, "a", "abc");
                dir.link(io, "a", dir, "b");
                assertThrows(FileAlreadyExistsException.class, () -> dir.renameNew(io, "a", dir, "b"));
                dir.renameNew(io, "a", dir, "c");
                dir.rename(io, "c", dir, "b");
                dir.symbolicLink(io, "b", "link");
                assertEquals("b", dir.readLink(io, "link"));
                assertEquals(FileKind.SYMBOLIC_LINK, dir.stat(io, "link", false).kind());
                assertEquals("abc", read(io, dir, "link"));
                FileSystemException refused = assertThrows(FileSystemException.class, () -> dir.delete(io, "x"));
                assertTrue(refused.getMessage().contains("EISDIR"), refused.getMessage());
                dir.deleteTree(io, "x");
                dir.deleteTree(io, "x");
                assertThrows(NoSuchFileException.class, () -> dir.stat(io, "x"));
            }
        });
    }

    @Test
    void an_atomic_file_appears_when_it_is_committed_and_leaves_nothing_otherwise() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                try (AtomicFile file =
                        dir.createAtomic(io, "p/q", AtomicOptions.linking().makePath())) {
                    file.file().writeAll(io, bytes("1"));
                    file.commit(io);
                }
                assertEquals("1", read(io, dir, "p/q"));
                try (AtomicFile file = dir.createAtomic(io, "p/q", AtomicOptions.linking())) {
                    assertThrows(FileAlreadyExistsException.class, () -> file.commit(io));
                }
                try (AtomicFile file =
                        dir.createAtomic(io, "p/q", AtomicOptions.replacing().synced())) {
                    file.file().writeAll(io, bytes("2"));
                    file.commit(io);
                }
                assertEquals("2", read(io, dir, "p/q"));
                dir.delete(io, "p/q");
                dir.deleteDir(io, "p"); // nothing is left in there
            }
        });
    }

    @Test
    void an_atomic_file_that_is_closed_or_canceled_before_its_commit_leaves_nothing() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                try (AtomicFile file = dir.createAtomic(io, "a", AtomicOptions.replacing())) {
                    file.file().writeAll(io, bytes("half"));
                    assertEquals(1, list(io, dir).size());
                    assertFalse(file.isCommitted());
                }
                assertEquals(Map.of(), list(io, dir));
                Started<?> writer = Started.start(io, () -> {
                    try (AtomicFile file = dir.createAtomic(io, "a", AtomicOptions.linking())) {
                        io.sleep(PATIENCE);
                        file.commit(io);
                    }
                });
                writer.untilWaiting(io);
                assertTrue(writer.endsCanceled(io));
                assertEquals(Map.of(), list(io, dir));
                assertThrows(IllegalArgumentException.class, () -> dir.createAtomic(io, "..", AtomicOptions.linking()));
                try (AtomicFile file =
                        dir.createAtomic(io, "a", AtomicOptions.replacing().permissions(0600))) {
                    file.commit(io);
                    assertTrue(file.isCommitted());
                    assertThrows(IllegalStateException.class, () -> file.commit(io));
                }
                assertEquals(0600, dir.stat(io, "a").permissions());
            }
        });
    }

    /** Complete or not there, whatever it was about to do. */
    @Test
    void an_atomic_file_whose_writer_is_canceled_at_any_point_is_complete_or_gone() throws Exception {
        run((io, second) -> {
            try (Dir dir = open(io);
                    Dir theirs = open(second)) {
                for (int steps = 0; steps < 24; steps++) {
                    AtomicOptions options = steps % 2 == 0 ? AtomicOptions.replacing() : AtomicOptions.linking();
                    Started<?> writer = Started.start(second, () -> {
                        try (AtomicFile file = theirs.createAtomic(second, "a", options.synced())) {
                            file.file().writeAll(second, bytes("half"));
                            file.file().writeAll(second, bytes("whole"));
                            file.commit(second);
                        }
                    });
                    for (int i = 0; i < steps; i++) {
                        list(io, dir); // a few turns of whoever runs the writer
                    }
                    writer.cancel(io);
                    Map<String, FileKind> left = list(io, dir);
                    if (!left.isEmpty()) {
                        assertEquals(Map.of("a", FileKind.REGULAR), left);
                        assertEquals("halfwhole", read(io, dir, "a"));
                        dir.delete(io, "a");
                    }
                }
            }
        });
    }

    @Test
    void temporary_files_and_directories_are_new_and_their_owners() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File one = dir.createTemporary(io, "t-");
                    File other = dir.createTemporary(io, "t-");
                    Dir inner = dir.createTemporaryDir(io, "d-")) {
                assertNotEquals(one.path(), other.path());
                String name = one.path().getFileName().toString();
                assertTrue(name.startsWith("t-"), name);
                assertEquals(0600, dir.stat(io, name).permissions());
                one.writeAll(io, bytes("abc"));
                assertEquals("abc", read(io, dir, name));
                String innerName = inner.path().getFileName().toString();
                assertEquals(0700, dir.stat(io, innerName).permissions());
                write(io, inner, "x", "y");
                assertEquals("y", read(io, dir, innerName + "/x"));
                dir.sync(io);
            }
        });
    }

    @Test
    void names_move_between_directories_and_replace_only_what_they_may() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    Dir one = dir.createAndOpenDirPath(io, "one/deep");
                    Dir other = dir.createAndOpenDirPath(io, "other")) {
                write(io, one, "a", "1");
                write(io, other, "b", "2");
                refused("rename", "EEXIST", () -> one.renameNew(io, "a", other, "b"));
                one.rename(io, "a", other, "b");
                assertEquals("1", read(io, other, "b"));
                assertEquals(Map.of(), list(io, one));
                dir.rename(io, "one", other, "moved");
                assertEquals(Map.of("b", FileKind.REGULAR, "moved", FileKind.DIRECTORY), list(io, other));
                other.renameNew(io, "b", dir, "c");
                assertEquals("1", read(io, dir, "c"));
                refused("delete directory", "ENOTDIR", () -> dir.deleteDir(io, "c"));
                refused("delete directory", "ENOTEMPTY", () -> dir.deleteDir(io, "other"));
                refused("create directory", "EEXIST", () -> dir.createDir(io, "other"));
            }
        });
    }

    @Test
    void a_directory_is_opened_without_following_a_link_whatever_its_name_looks_like() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    Dir deep = dir.createAndOpenDirPath(io, "a/b/c")) {
                dir.symbolicLink(io, "a/b", "link");
                IOException refused = assertThrows(IOException.class, () -> dir.openDirNoFollow(io, "link"));
                assertTrue(refused.getMessage().matches(".*\\((ELOOP|ENOTDIR)\\)"), refused.getMessage());
                assertThrows(NoSuchFileException.class, () -> dir.openDirNoFollow(io, "none"));
                for (String name : List.of(".", "..", "./c/..", "c", "c/.", "../b")) {
                    try (Dir b = dir.openDir(io, "a/b");
                            Dir opened = b.openDirNoFollow(io, name)) {
                        assertEquals(b.stat(io, name).key(), opened.stat(io).key(), name);
                    }
                }
                try (Dir opened = dir.openDirNoFollow(io, "link/../b")) { // the kernel's "..", not the name's
                    assertEquals(dir.stat(io, "a/b").key(), opened.stat(io).key());
                }
                assertEquals(dir.stat(io, "a/b/c").key(), deep.stat(io).key());
            }
        });
    }
}
