package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.fs.AtomicFile;
import io.amphio.fs.AtomicOptions;
import io.amphio.fs.Dir;
import io.amphio.fs.File;
import io.amphio.fs.FileKind;
import io.amphio.fs.FileLock;
import io.amphio.fs.LockMode;
import io.amphio.fs.OpenOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What directories promise. */
public abstract class DirConformance extends Conformance {
    @TempDir
    Path folder;

    /** The folder of this case; in a simulated world it has to be made first. */
    private Dir open(Io io) throws IOException {
        try (Dir root = io.fs().openDir(io, Path.of("/"))) {
            return root.createAndOpenDirPath(io, folder.toString().substring(1));
        }
    }

    private static void write(Io io, Dir dir, String name, String text) throws IOException {
        try (File file = dir.open(io, name, OpenOptions.writing().create().truncate())) {
            file.writeAll(io, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static String read(Io io, Dir dir, String name) throws IOException {
        try (File file = dir.open(io, name, OpenOptions.reading())) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            int count = 0;
            while (count >= 0) {
                count = file.read(io, buffer);
            }
            return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
        }
    }

    @Test
    void streaming_moves_the_position_and_seek_sets_it() throws Exception {
        run(io -> {
            try (Dir dir = open(io);
                    File file = dir.open(
                            io, "a", OpenOptions.readingAndWriting().create())) {
                file.writeAll(io, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                assertEquals(3, file.position(io));
                assertEquals(-1, file.read(io, ByteBuffer.allocate(1)));
                file.seek(io, 1);
                ByteBuffer two = ByteBuffer.allocate(1);
                assertEquals(1, file.read(io, two));
                assertEquals(2, two.get(0));
                file.setLength(io, 9);
                assertEquals(9, file.size(io));
                file.syncData(io);
            }
        });
    }

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
                try (AtomicFile file = dir.createAtomic(
                        io, "p/q", AtomicOptions.linking().makePath())) {
                    file.file().writeAll(io, ByteBuffer.wrap(new byte[] {'1'}));
                    file.commit(io);
                }
                assertEquals("1", read(io, dir, "p/q"));
                try (AtomicFile file = dir.createAtomic(io, "p/q", AtomicOptions.linking())) {
                    assertThrows(FileAlreadyExistsException.class, () -> file.commit(io));
                }
                try (AtomicFile file =
                        dir.createAtomic(io, "p/q", AtomicOptions.replacing().synced())) {
                    file.file().writeAll(io, ByteBuffer.wrap(new byte[] {'2'}));
                    file.commit(io);
                }
                assertEquals("2", read(io, dir, "p/q"));
                dir.delete(io, "p/q");
                dir.deleteDir(io, "p"); // nothing is left in there
            }
        });
    }

    @Test
    void locks_of_two_open_files_exclude_each_other() throws Exception {
        run(io -> {
            OpenOptions both = OpenOptions.readingAndWriting().create();
            try (Dir dir = open(io);
                    File one = dir.open(io, "a", both);
                    File other = dir.open(io, "a", both)) {
                FileLock lock = one.lock(io, LockMode.EXCLUSIVE);
                assertFalse(other.tryLock(io, LockMode.SHARED).isDefined());
                lock.downgrade(io);
                other.tryLock(io, LockMode.SHARED).get().close();
                assertFalse(other.tryLock(io, LockMode.EXCLUSIVE).isDefined());
                lock.close();
                assertTrue(other.tryLock(io, LockMode.EXCLUSIVE).isDefined());
            }
        });
    }
}
