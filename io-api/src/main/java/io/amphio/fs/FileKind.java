package io.amphio.fs;

/** What a file is. */
public enum FileKind {
    /** It holds bytes. */
    REGULAR,
    /** It holds names. */
    DIRECTORY,
    /** It holds the name of another. */
    SYMBOLIC_LINK,
    /** A pipe, a socket, a device. */
    OTHER
}
