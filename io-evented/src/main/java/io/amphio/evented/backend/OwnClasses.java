package io.amphio.evented.backend;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads all classes of a library ahead, where each of them is a file in a directory: as while it is being developed.
 *
 * <p>Such a class takes a free descriptor, and time, when it is first needed. A process that has reached its limit of descriptors would
 * get a {@code NoClassDefFoundError} instead, always from then on, just where a loop is about to tell somebody of that
 * limit. An archive is open all the time, so the classes in one are left for later.
 *
 * <p><b>Threads:</b> any.
 */
public final class OwnClasses {
    private static final String SUFFIX = ".class";
    private static final Set<Path> LOADED = ConcurrentHashMap.newKeySet();

    private OwnClasses() {}

    /**
     * Loads what is in the same directory, and below, as the root of the package of a class; does nothing the second time.
     *
     * @param member a class of the library
     */
    public static void load(Class<?> member) {
        Path root = directoryOf(member);
        if (root != null && LOADED.add(root)) {
            for (String name : namesIn(root)) {
                try {
                    Class.forName(name, false, member.getClassLoader());
                } catch (ClassNotFoundException | LinkageError missing) {
                    // It extends what is not there, an optional library's: nobody will ask for it.
                }
            }
        }
    }

    private static @Nullable Path directoryOf(Class<?> member) {
        String resource = member.getName().replace('.', '/') + SUFFIX;
        URL found = member.getResource("/" + resource);
        if (found == null || !found.getProtocol().equals("file")) {
            return null;
        }
        try {
            Path directory = Path.of(URI.create(found.toString()));
            for (int i = Path.of(resource).getNameCount(); i > 0 && directory != null; i--) {
                directory = directory.getParent();
            }
            return directory;
        } catch (IllegalArgumentException | FileSystemNotFoundException unusual) {
            return null;
        }
    }

    private static List<String> namesIn(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.contains("-")) // module-info, package-info
                    .map(name -> name.substring(0, name.length() - SUFFIX.length())
                            .replace(root.getFileSystem().getSeparator(), "."))
                    .toList();
        } catch (IOException | RuntimeException unreadable) {
            return List.of(); // it is a precaution
        }
    }
}
