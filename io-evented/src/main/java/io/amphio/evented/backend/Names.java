package io.amphio.evented.backend;

import org.jspecify.annotations.Nullable;

/**
 * One name in a file system, or two.
 *
 * @param directory what the first is relative to; null for the current directory
 * @param name the first; one that begins at the root is relative to nothing
 * @param otherDirectory what the second is relative to; null for the current directory
 * @param otherName the second; null where the operation has only one
 */
public record Names(
        @Nullable Descriptor directory,
        String name,
        @Nullable Descriptor otherDirectory,
        @Nullable String otherName) {
    /**
     * One name.
     *
     * @param directory what it is relative to; null for the current directory
     * @param name the name
     */
    public Names(@Nullable Descriptor directory, String name) {
        this(directory, name, null, null);
    }

    /**
     * Returns the second name.
     *
     * @return the name
     */
    public String other() {
        if (otherName == null) {
            throw new AssertionError("an operation with two names has one: " + name);
        }
        return otherName;
    }
}
