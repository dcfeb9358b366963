package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.fs.Dir;
import io.amphio.fs.OpenOptions;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What directories refuse. */
public abstract class DirBadInputConformance extends FolderConformance {
    @Test
    void names_with_a_nul_or_of_nothing_are_refused() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                String nul = "a\0b";
                for (String name : new String[] {nul, null}) {
                    Class<? extends Exception> kind =
                            name == null ? NullPointerException.class : IllegalArgumentException.class;
                    assertThrows(kind, () -> dir.open(io, name, OpenOptions.reading()));
                    assertThrows(kind, () -> dir.openDir(io, name));
                    assertThrows(kind, () -> dir.createDir(io, name));
                    assertThrows(kind, () -> dir.delete(io, name));
                    assertThrows(kind, () -> dir.rename(io, "a", dir, name));
                    assertThrows(kind, () -> dir.link(io, name, dir, "a"));
                    assertThrows(kind, () -> dir.symbolicLink(io, name, "a"));
                    assertThrows(kind, () -> dir.stat(io, name));
                    assertThrows(kind, () -> dir.list(io, name));
                }
                assertThrows(NoSuchFileException.class, () -> dir.stat(io, ""));
                assertThrows(NoSuchFileException.class, () -> dir.open(io, "", OpenOptions.reading()));
                assertThrows(NoSuchFileException.class, () -> dir.openDir(io, ""));
                assertThrows(NoSuchFileException.class, () -> dir.createDir(io, ""));
            }
        });
    }

    @Test
    void a_directory_that_is_closed_refuses_and_what_was_opened_from_it_does_not() throws Exception {
        run(io -> {
            Dir dir = open(io);
            Dir inner = dir.createAndOpenDirPath(io, "d");
            write(io, inner, "a", "x");
            assertTrue(dir.isOpen());
            dir.close();
            dir.close();
            assertFalse(dir.isOpen());
            refused("open", "EBADF", () -> dir.open(io, "a", BOTH));
            refused("open", "EBADF", () -> dir.openDir(io, "d"));
            refused("create directory", "EBADF", () -> dir.createDir(io, "e"));
            refused("delete", "EBADF", () -> dir.delete(io, "d"));
            refused("rename", "EBADF", () -> dir.rename(io, "d", dir, "e"));
            refused("rename", "EBADF", () -> inner.rename(io, "a", dir, "e"));
            refused("stat", "EBADF", () -> dir.stat(io));
            refused("list", "EBADF", () -> dir.list(io));
            refused("access", "EBADF", () -> dir.access(io, "d", Set.of()));
            refused("sync", "EBADF", () -> dir.sync(io));
            assertEquals("x", read(io, inner, "a"));
            inner.close();
        });
    }
}
