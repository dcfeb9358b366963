package io.amphio.evented;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Finds the directory that a class was loaded from, to start another JVM with it. */
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
        if (!url.getProtocol().equals("file")) {
            throw new AssertionError("not run from directories of classes: " + url);
        }
        String path = Path.of(URI.create(url.toString())).toString();
        return Path.of(path.substring(0, path.length() - resource.length() - 1));
    }
}
