package io.amphio.evented.loop;

import io.amphio.evented.backend.Names;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file.
 *
 * @param directory what it is relative to; null for the current directory
 * @param name the name; one that begins at the root is relative to nothing
 */
public record FileName(@Nullable LoopDirectory directory, String name) {
    /** Checks that the name is one. */
    public FileName {
        if (Objects.requireNonNull(name, "name").indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a file name with a NUL character: " + name.replace('\0', '?'));
        }
    }

    /**
     * A name that is relative to the current directory, or absolute.
     *
     * @param name the name
     * @return the same with no directory
     */
    public static FileName of(String name) {
        return new FileName(null, name);
    }

    Names alone() {
        return new Names(directory == null ? null : directory.descriptor(), name);
    }

    Names with(FileName other) {
        return new Names(
                directory == null ? null : directory.descriptor(),
                name,
                other.directory == null ? null : other.directory.descriptor(),
                other.name);
    }

    @Override
    public String toString() {
        return directory == null ? name : directory.target() + "/" + name;
    }
}
