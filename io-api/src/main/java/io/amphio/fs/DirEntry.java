package io.amphio.fs;

/**
 * A name in a directory.
 *
 * @param name without the directory's
 * @param kind what has that name; a symbolic link is told as itself
 */
public record DirEntry(String name, FileKind kind) {}
