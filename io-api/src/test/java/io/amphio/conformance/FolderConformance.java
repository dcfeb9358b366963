package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.fs.Dir;
import io.amphio.fs.DirEntry;
import io.amphio.fs.DirList;
import io.amphio.fs.File;
import io.amphio.fs.FileKind;
import io.amphio.fs.OpenOptions;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A topic about what is in a folder: each case has one of its own. */
abstract class FolderConformance extends Conformance {
    static final OpenOptions BOTH = OpenOptions.readingAndWriting().create();

    @TempDir
    Path folder;

    /** Opens the folder of this case; in a simulated world it has to be made first. */
    final Dir open(Io io) throws IOException {
        try (Dir root = io.fs().openDir(io, Path.of("/"))) {
            return root.createAndOpenDirPath(io, folder.toString().substring(1));
        }
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static void write(Io io, Dir dir, String name, String text) throws IOException {
        try (File file = dir.open(io, name, OpenOptions.writing().create().truncate())) {
            file.writeAll(io, bytes(text));
        }
    }

    static String read(Io io, Dir dir, String name) throws IOException {
        try (File file = dir.open(io, name, OpenOptions.reading())) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            int count = 0;
            while (count >= 0) {
                count = file.read(io, buffer);
            }
            return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
        }
    }

    static Map<String, FileKind> list(Io io, Dir dir) throws IOException {
        Map<String, FileKind> names = new TreeMap<>();
        try (DirList list = dir.list(io)) {
            for (Option<DirEntry> next = list.next(io); next.isDefined(); next = list.next(io)) {
                names.put(next.get().name(), next.get().kind());
            }
        }
        return names;
    }

    /** Fails unless it throws an IOException that names the operation and errno. */
    static void refused(String operation, String errno, Executable attempt) {
        IOException refused = assertThrows(IOException.class, attempt, operation + ": " + errno);
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(operation + ": ") && message.endsWith("(" + errno + ")"), message);
    }
}
