package io.amphio.fs;

import io.amphio.Io;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Directories with all those above them. */
final class DirPaths {
    private DirPaths() {}

    /** From the end towards the start until one can be made, and back: usually it is the last one that is missing. */
    static void create(Io io, Dir dir, String name) throws IOException {
        int end = name.length();
        while (!createOrFind(io, dir, name.substring(0, end))) {
            end = parentEnd(name, end);
        }
        while (end < name.length()) {
            int next = name.indexOf('/', end + 1);
            end = next < 0 ? name.length() : next;
            createOrFind(io, dir, name.substring(0, end));
        }
    }

    /** Returns false if one above is missing. */
    private static boolean createOrFind(Io io, Dir dir, String name) throws IOException {
        try {
            dir.createDir(io, name);
        } catch (NoSuchFileException missing) {
            if (parentEnd(name, name.length()) <= 0) {
                throw missing;
            }
            return false;
        } catch (FileAlreadyExistsException there) {
            if (dir.stat(io, name).kind() != FileKind.DIRECTORY) {
                throw there;
            }
        }
        return true;
    }

    /** Where the name of the one above ends; 0 or less if there is none to name. */
    static int parentEnd(String name, int end) {
        int last = end;
        while (last > 0 && name.charAt(last - 1) == '/') {
            last--;
        }
        int slash = name.lastIndexOf('/', last - 1);
        while (slash > 0 && name.charAt(slash - 1) == '/') {
            slash--;
        }
        return slash;
    }
}
