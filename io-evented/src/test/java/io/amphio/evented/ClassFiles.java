package io.amphio.evented;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Finds the directory or archive that a class was loaded from, to start another JVM with it. */
public final class ClassFiles {
    private ClassFiles() {}

    /** Returns the jar that a class of a library was loaded from. */
    public static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** By its resource: on the module path the code source of a class that was patched in is not its own. */
    public static Path of(Class<?> type) {
        String resource = type.getName().replace('.', '/') + ".class";
        var url = Objects.requireNonNull(type.getResource("/" + resource));
        String text = url.toString();
        if (text.startsWith("jar:")) {
            return Path.of(URI.create(text.substring("jar:".length(), text.indexOf("!/"))));
        }
        if (!url.getProtocol().equals("file")) {
            throw new AssertionError("neither in a directory nor in a jar: " + url);
        }
        String path = Path.of(URI.create(url.toString())).toString();
        return Path.of(path.substring(0, path.length() - resource.length() - 1));
    }

    /** A class path with all of these. */
    public static String path(Class<?>... types) {
        return Stream.of(types)
                .map(type -> of(type).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Copies what is in directories into one archive: a class in an archive is loaded without another open file. */
    public static Path pack(Path archive, Class<?>... types) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Path directory :
                    Stream.of(types).map(ClassFiles::of).distinct().toList()) {
                if (Files.isDirectory(directory)) {
                    try (var files = Files.walk(directory)) {
                        for (Path file : files.filter(Files::isRegularFile).toList()) {
                            add(out, directory, file);
                        }
                    }
                }
            }
        }
        return archive;
    }

    private static void add(ZipOutputStream out, Path directory, Path file) throws IOException {
        String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
        if (name.endsWith(".class") && !name.equals("module-info.class")) {
            out.putNextEntry(new ZipEntry(name));
            Files.copy(file, out);
        }
    }

    /** Starts another JVM that may open so many files, with native access and {@code java.lang} opened. */
    public static Process start(int files, String classPath, Class<?> main, String... arguments) throws IOException {
        return start(files, List.of(), classPath, main, arguments);
    }

    /** As above, with options of the JVM. */
    public static Process start(int files, List<String> options, String classPath, Class<?> main, String... arguments)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n " + files + " && exec \"$@\"", "sh", java));
        command.addAll(List.of(
                "-Xshare:auto",
                "-XX:-MaxFDLimit",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder.start();
    }
}
