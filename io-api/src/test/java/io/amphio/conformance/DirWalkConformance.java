package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.amphio.Io;
import io.amphio.fs.Dir;
import io.amphio.fs.DirList;
import io.amphio.fs.DirWalk;
import io.amphio.fs.FileKind;
import io.amphio.fs.WalkEntry;
import io.amphio.fs.WalkOptions;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What lists, walks and deletions of trees promise. */
public abstract class DirWalkConformance extends FolderConformance {
    private static final int MANY = 300; // more than come in one batch
    private static final int DEEP = 150; // more than are open at a time

    private static Map<String, FileKind> walk(Io io, Dir dir, WalkOptions options) throws IOException {
        Map<String, FileKind> found = new TreeMap<>();
        try (DirWalk walk = dir.walk(options)) {
            for (Option<WalkEntry> next = walk.next(io); next.isDefined(); next = walk.next(io)) {
                WalkEntry entry = next.get();
                assertEquals(entry.path().split("/").length, entry.depth());
                assertEquals(entry.name(), entry.path().substring(entry.path().lastIndexOf('/') + 1));
                assertEquals(null, found.put(entry.path(), entry.kind()), entry.path() + " came twice");
            }
        }
        return found;
    }

    @Test
    void a_list_tells_every_name_once_with_its_kind() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                assertEquals(Map.of(), list(io, dir));
                Map<String, FileKind> made = new TreeMap<>();
                for (int i = 0; i < MANY; i++) {
                    dir.symbolicLink(io, "nowhere", "n" + i);
                    made.put("n" + i, FileKind.SYMBOLIC_LINK);
                }
                dir.createDir(io, "d");
                write(io, dir, "f", "");
                made.put("d", FileKind.DIRECTORY);
                made.put("f", FileKind.REGULAR);
                assertEquals(made, list(io, dir));
                DirList closed = dir.list(io, "d");
                closed.close();
                closed.close();
                assertThrows(IOException.class, () -> closed.next(io));
                refused("list", "ENOTDIR", () -> dir.list(io, "f"));
                assertThrows(NoSuchFileException.class, () -> dir.list(io, "none"));
            }
        });
    }

    @Test
    void a_walk_goes_as_deep_as_it_may_and_tells_links_without_entering_them() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                dir.createDirPath(io, "a/b/c");
                write(io, dir, "a/b/f", "");
                dir.symbolicLink(io, "a", "link");
                Map<String, FileKind> two = new TreeMap<>(
                        Map.of("a", FileKind.DIRECTORY, "link", FileKind.SYMBOLIC_LINK, "a/b", FileKind.DIRECTORY));
                assertEquals(two, walk(io, dir, WalkOptions.ALL.depth(2)));
                two.put("a/b/c", FileKind.DIRECTORY);
                two.put("a/b/f", FileKind.REGULAR);
                assertEquals(two, walk(io, dir, WalkOptions.ALL));
                assertThrows(IllegalArgumentException.class, () -> WalkOptions.ALL.depth(0));
                DirWalk walk = dir.walk(WalkOptions.ALL);
                walk.close();
                assertThrows(IOException.class, () -> walk.next(io));
            }
        });
    }

    @Test
    void a_walk_that_follows_links_does_not_go_in_circles() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                dir.createDirPath(io, "a/b");
                write(io, dir, "a/f", "");
                dir.symbolicLink(io, "../../a", "a/b/up");
                dir.symbolicLink(io, "nowhere", "a/none");
                dir.symbolicLink(io, ".", "self");
                dir.symbolicLink(io, "a/b", "side");
                Map<String, FileKind> found = walk(io, dir, WalkOptions.ALL.follow());
                assertEquals(FileKind.SYMBOLIC_LINK, found.get("a/b/up"));
                assertEquals(FileKind.SYMBOLIC_LINK, found.get("self"));
                assertEquals(FileKind.SYMBOLIC_LINK, found.get("a/none"));
                assertEquals(FileKind.DIRECTORY, found.get("side"));
                assertEquals(FileKind.DIRECTORY, found.get("side/up"), "it leads where the walk is not");
                assertEquals(FileKind.REGULAR, found.get("side/up/f"));
                assertEquals(FileKind.SYMBOLIC_LINK, found.get("side/up/b/up"));
            }
        });
    }

    @Test
    void what_is_removed_during_a_walk_or_skipped_is_not_entered() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                dir.createDirPath(io, "a/gone");
                try (DirWalk walk = dir.walk(WalkOptions.ALL)) {
                    assertEquals("a", walk.next(io).get().path());
                    dir.deleteTree(io, "a");
                    assertEquals(Option.none(), walk.next(io));
                    assertEquals(Option.none(), walk.next(io));
                }
                dir.createDirPath(io, "a/left");
                try (DirWalk walk = dir.walk(WalkOptions.ALL)) {
                    assertEquals("a", walk.next(io).get().path());
                    walk.skip();
                    assertEquals(Option.none(), walk.next(io));
                }
            }
        });
    }

    @Test
    void a_tree_is_deleted_however_deep_it_is_and_no_link_is_followed() throws Exception {
        run(io -> {
            try (Dir dir = open(io)) {
                dir.createDir(io, "kept");
                write(io, dir, "kept/f", "x");
                Dir inner = dir.createAndOpenDirPath(io, "tree");
                for (int i = 0; i < DEEP; i++) {
                    Dir deeper = inner.createAndOpenDirPath(io, "d");
                    inner.close();
                    inner = deeper;
                }
                inner.symbolicLink(io, "/" + folder.toString().substring(1) + "/kept", "link");
                write(io, inner, "f", "x");
                inner.close();
                dir.symbolicLink(io, "kept", "link");
                dir.deleteTree(io, "tree");
                dir.deleteTree(io, "link");
                dir.deleteTree(io, "none");
                assertEquals(Map.of("kept", FileKind.DIRECTORY), list(io, dir));
                assertEquals("x", read(io, dir, "kept/f"));
                dir.deleteTree(io, "kept/f");
                dir.deleteDir(io, "kept");
            }
        });
    }
}
