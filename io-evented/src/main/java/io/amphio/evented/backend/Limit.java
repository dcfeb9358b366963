package io.amphio.evented.backend;

import io.amphio.net.AbstractUnixAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What some provider cannot do at all. Asking for it throws; {@code docs/support.md} has a row for each, and a test holds the
 * two together.
 */
public enum Limit {
    /** Unix datagram sockets. */
    UNIX_DATAGRAMS("datagrams over Unix sockets", "Unix streams, or a native backend"),
    /** Unix addresses that are no paths. */
    ABSTRACT_ADDRESSES("abstract addresses of Unix sockets", "a path, or a native backend"),
    /** To work on a descriptor's number. */
    FOREIGN_DESCRIPTORS("readiness of a descriptor that a C library has opened", "a native backend"),
    /** {@link Operation.Kind#OPEN} with {@link OpenFlags#BENEATH}. */
    OPEN_BENEATH("open a file that must lie below a directory", "a native backend"),
    /** {@link Operation.Kind#OPEN} with READ and APPEND. */
    READ_AND_APPEND("open a file to read and to append", "two files, one for each, or a native backend"),
    /** {@link Operation.Kind#RENAME} with {@link OpenFlags#EXCLUSIVE}. */
    RENAME_EXCLUSIVE("rename a file without replacing another", "a link and an unlink, or a native backend"),
    /** {@link Operation.Kind#ALLOCATE}. */
    ALLOCATE("reserve space for a file", "to write zeros, or a native backend");

    private final String text;
    private final String instead;

    Limit(String text, String instead) {
        this.text = text;
        this.instead = instead;
    }

    /**
     * Returns what cannot be done.
     *
     * @return in words, as {@code docs/support.md} has them
     */
    public String text() {
        return text;
    }

    /**
     * Returns what to do instead.
     *
     * @return in words, as {@code docs/support.md} has them
     */
    public String instead() {
        return instead;
    }

    /**
     * Returns what to throw.
     *
     * @param backend the name of the backend that cannot
     * @return the exception
     */
    public UnsupportedOperationException on(String backend) {
        return new UnsupportedOperationException(text + ": not on the backend " + backend + "; use " + instead);
    }

    /** Throws if an operation takes what a backend cannot do. */
    static void check(Operation operation, Set<Limit> limits, String backend) {
        Limit needed = limits.isEmpty() ? null : needed(operation);
        if (needed != null && limits.contains(needed)) {
            throw needed.on(backend);
        }
    }

    private static @Nullable Limit needed(Operation operation) {
        return switch (operation.kind()) {
            case OPEN -> neededToOpen(operation);
            case RENAME -> operation.has(OpenFlags.EXCLUSIVE) ? RENAME_EXCLUSIVE : null;
            case ALLOCATE -> ALLOCATE;
            case CONNECT -> operation.address() instanceof AbstractUnixAddress ? ABSTRACT_ADDRESSES : null;
            default -> null;
        };
    }

    private static @Nullable Limit neededToOpen(Operation operation) {
        if (operation.has(OpenFlags.BENEATH)) {
            return OPEN_BENEATH;
        }
        return operation.has(OpenFlags.APPEND) && operation.has(OpenFlags.READ) ? READ_AND_APPEND : null;
    }
}
