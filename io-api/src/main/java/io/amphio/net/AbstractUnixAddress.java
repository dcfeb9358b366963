package io.amphio.net;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An address of a Unix socket in Linux's abstract namespace: a name that is no file, and is free again when the socket is
 * closed. {@link java.net.UnixDomainSocketAddress}, which is for files, cannot hold it.
 *
 * <p>Native backends on Linux have it, and simulated worlds; anything else throws {@link UnsupportedOperationException}.
 */
public final class AbstractUnixAddress extends SocketAddress {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_BYTES = 107; // with the zero that it begins with, what the kernel has room for

    private final String name;

    private AbstractUnixAddress(String name) {
        this.name = name;
    }

    /**
     * Returns the address of a name.
     *
     * @param name any text of 1 to 107 bytes of UTF-8
     * @throws IllegalArgumentException if it is empty or longer
     */
    public static AbstractUnixAddress of(String name) {
        int bytes = Objects.requireNonNull(name, "the name is null").getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LONGEST_BYTES) {
            throw new IllegalArgumentException(
                    "an abstract address has 1 to " + LONGEST_BYTES + " bytes, and not " + bytes + ": " + name);
        }
        return new AbstractUnixAddress(name);
    }

    /** Returns the name, without what the kernel has in front of it. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AbstractUnixAddress address && address.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** Returns the name behind an {@code @}, as tools show it. */
    @Override
    public String toString() {
        return "@" + name;
    }
}
