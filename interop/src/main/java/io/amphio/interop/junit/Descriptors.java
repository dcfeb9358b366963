package io.amphio.interop.junit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open sockets, pipes and files of this process, by number; none where the system does not tell.
 *
 * <p>Not the files of the JVM's own classes, which it opens when it needs them, nor the kernel's event queues, of which selectors are
 * made and which the JDK keeps.
 *
 * @param open what each number stands for
 */
record Descriptors(Map<String, String> open) {
    private static final Path FOLDER = Path.of("/proc/self/fd");

    static Descriptors now() {
        Map<String, String> open = new HashMap<>();
        if (Files.isDirectory(FOLDER)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(FOLDER)) {
                for (Path one : all) {
                    String target = target(one);
                    if (isOfUser(target)) {
                        open.put(one.getFileName().toString(), target);
                    }
                }
            } catch (IOException unreadable) {
                return new Descriptors(Map.of());
            }
        }
        return new Descriptors(open);
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static boolean isOfUser(String target) {
        return !(target.isEmpty()
                || target.startsWith("anon_inode:")
                || target.startsWith("/proc/")
                || target.startsWith("/dev/")
                || target.endsWith(".jar")
                || target.startsWith(System.getProperty("java.home")));
    }

    List<String> since(Descriptors before) {
        return open.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.open.get(entry.getKey())))
                .map(entry -> "descriptor " + entry.getKey() + " is open: " + entry.getValue())
                .sorted()
                .toList();
    }
}
