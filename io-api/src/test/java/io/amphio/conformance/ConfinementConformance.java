package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.fs.Dir;
import io.amphio.fs.FileKind;
import io.amphio.fs.OpenOptions;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What a directory promises that no name leads out of. The kernel does that, or the JDK, which follows no link and can do less: what is
 * refused then is what {@code docs/support.md} says.
 */
public abstract class ConfinementConformance extends FolderConformance {
    private static final OpenOptions READING = OpenOptions.reading();

    private Dir confine(Io io) throws IOException {
        try (Dir dir = open(io)) {
            dir.createDirPath(io, "in/deep");
            write(io, dir, "secret", "x");
            write(io, dir, "in/own", "y");
            dir.symbolicLink(io, "..", "in/up");
            dir.symbolicLink(io, folder + "/secret", "in/absolute");
            dir.symbolicLink(io, "own", "in/inner");
        }
        return io.fs().openConfinedDir(io, folder.resolve("in"));
    }

    /** Whether it is one of the JDK's, which cannot make a directory. */
    private static boolean isByTheJdk(Io io, Dir in) throws IOException {
        try {
            in.createDir(io, "made");
            return false;
        } catch (UnsupportedOperationException byTheJdk) {
            return true;
        }
    }

    @Test
    void no_name_leads_out_of_it() throws Exception {
        run(io -> {
            try (Dir in = confine(io)) {
                assertTrue(in.isConfined());
                String link = isByTheJdk(io, in) ? "ELOOP" : "EXDEV";
                for (String name : List.of("../secret", folder + "/secret", "deep/../../secret")) {
                    refused("open", "EXDEV", () -> in.open(io, name, READING));
                    refused("stat", "EXDEV", () -> in.stat(io, name));
                    refused("delete", "EXDEV", () -> in.delete(io, name));
                    refused("set the permissions of", "EXDEV", () -> in.setPermissions(io, name, 0777));
                    refused("rename", "EXDEV", () -> in.rename(io, "own", in, name));
                    refused(
                            "open",
                            "EXDEV",
                            () -> in.open(io, name, OpenOptions.writing().create()));
                }
                for (String name : List.of("..", "deep/../..")) {
                    refused("open", "EXDEV", () -> in.openDir(io, name));
                    refused("list", "EXDEV", () -> in.list(io, name));
                    refused("stat", "EXDEV", () -> in.stat(io, name));
                }
                for (String name : List.of("up/secret", "absolute")) {
                    refused("open", link, () -> in.open(io, name, READING));
                    refused("stat", link, () -> in.stat(io, name));
                }
                refused("open", link, () -> in.openDir(io, "up"));
                refused("delete", link, () -> in.delete(io, "up/secret"));
                try (Dir out = open(io)) {
                    assertEquals("x", read(io, out, "secret"));
                }
            }
        });
    }

    /** Somebody puts a link that leads out in the place of a directory, again and again, while names below it are used. */
    @Test
    void nobody_is_led_out_by_a_link_that_takes_the_place_of_a_directory() throws Exception {
        run((io, second) -> {
            try (Dir in = confine(io);
                    Dir theirs = open(second)) {
                theirs.createDirPath(second, "in/d");
                write(second, theirs, "in/d/secret", "y");
                theirs.setPermissions(second, "secret", 0600);
                Started<?> attacker = Started.start(second, () -> {
                    theirs.symbolicLink(second, "..", "in/link");
                    while (true) {
                        theirs.rename(second, "in/d", theirs, "in/kept");
                        theirs.rename(second, "in/link", theirs, "in/d");
                        theirs.rename(second, "in/d", theirs, "in/link");
                        theirs.rename(second, "in/kept", theirs, "in/d");
                    }
                });
                for (int i = 0; i < 60; i++) {
                    unlessRefused(() -> assertEquals("y", read(io, in, "d/secret")));
                    unlessRefused(() -> in.setPermissions(io, "d/secret", 0640));
                    unlessRefused(() -> {
                        try (Dir d = in.openDir(io, "d")) {
                            assertEquals(Set.of("secret"), list(io, d).keySet());
                        }
                    });
                    unlessRefused(() -> in.rename(io, "d/secret", in, "d/secret"));
                }
                assertTrue(attacker.endsCanceled(io));
                assertEquals("x", read(second, theirs, "secret"));
                assertEquals(0600, theirs.stat(second, "secret").permissions());
            }
        });
    }

    @FunctionalInterface
    private interface Attempt {
        void make() throws IOException;
    }

    private static void unlessRefused(Attempt attempt) throws IOException {
        try {
            attempt.make();
        } catch (IOException refused) {
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.matches(".*\\((ELOOP|EXDEV|ENOENT|EAGAIN|ENOTDIR)\\)"), message);
        }
    }

    @Test
    void inside_it_names_do_what_they_do_elsewhere() throws Exception {
        run(io -> {
            try (Dir in = confine(io);
                    Dir deep = in.openDir(io, "./deep")) {
                assertTrue(deep.isConfined());
                refused("open", "EXDEV", () -> deep.open(io, "../own", READING));
                write(io, in, "deep/a", "abc");
                assertEquals("abc", read(io, deep, "a"));
                assertEquals(FileKind.SYMBOLIC_LINK, in.stat(io, "up", false).kind());
                in.rename(io, "deep/a", in, "b");
                assertEquals("abc", read(io, in, "b"));
                in.setPermissions(io, "b", 0600);
                assertEquals(0600, in.stat(io, "b").permissions());
                assertEquals(Map.of(), list(io, deep));
                in.delete(io, "b");
                in.deleteDir(io, "deep");
                in.sync(io);
                in.deleteTree(io, "own");
                in.delete(io, "up"); // the link itself
                assertEquals(Set.of("absolute", "inner"), list(io, in).keySet());
            }
            try (Dir dir = open(io)) {
                assertFalse(dir.isConfined());
            }
        });
    }

    @Test
    void what_it_cannot_do_is_refused_and_it_is_all_or_nothing() throws Exception {
        run(io -> {
            try (Dir in = confine(io)) {
                if (!isByTheJdk(io, in)) {
                    assertEquals("y", read(io, in, "inner"));
                    in.symbolicLink(io, "own", "s");
                    assertEquals("own", in.readLink(io, "s"));
                    in.link(io, "own", in, "l");
                    in.renameNew(io, "l", in, "m");
                    in.access(io, "m", Set.of(AccessMode.READ));
                    assertEquals(in.realPath(io).resolve("own"), in.realPath(io, "s"));
                    in.createDirPath(io, "p/q");
                    return;
                }
                refused("open", "ELOOP", () -> in.open(io, "inner", READING));
                List<Executable> refused = List.of(
                        () -> in.symbolicLink(io, "own", "s"),
                        () -> in.readLink(io, "inner"),
                        () -> in.link(io, "own", in, "l"),
                        () -> in.renameNew(io, "own", in, "m"),
                        () -> in.access(io, "own", Set.of(AccessMode.READ)),
                        () -> in.realPath(io),
                        () -> in.createDirPath(io, "p/q"));
                for (Executable each : refused) {
                    String message = assertThrows(UnsupportedOperationException.class, each)
                            .getMessage();
                    assertTrue(message.endsWith("use a native backend on Linux"), message);
                }
            }
        });
    }
}
