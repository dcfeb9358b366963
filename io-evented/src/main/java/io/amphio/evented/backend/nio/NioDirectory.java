package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;
import java.nio.file.Path;

/**
 * An open directory: only its name, as the JDK opens none. So names below it follow the name and not the directory, if
 * somebody renames it.
 *
 * @param path absolute, without symbolic links
 */
record NioDirectory(Path path) implements Descriptor {
    @Override
    public void close() {}

    @Override
    public String toString() {
        return path.toString();
    }
}
