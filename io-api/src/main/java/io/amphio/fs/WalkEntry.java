package io.amphio.fs;

/**
 * What a walk has come to.
 *
 * @param path its name, relative to the directory where the walk began, with {@code /} between its parts
 * @param name its last part
 * @param kind what it is; what a symbolic link leads to, where the walk enters it
 * @param depth 1 for what is in the directory where the walk began
 */
public record WalkEntry(String path, String name, FileKind kind, int depth) {}
