package io.amphio.net;

import io.vavr.control.Option;
import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a host, or the literal of an address, that is well formed: {@code example.org}, {@code bücher.example},
 * {@code 127.0.0.1}, {@code ::1}.
 *
 * <p>A name has labels of 1 to 63 letters, digits, hyphens (not at an end) and underscores, and 253 of all these and the dots
 * between them at most; a dot at its end makes it absolute: no search domain is tried. What is not ASCII is converted by
 * {@link IDN}. A name whose last label is a number is none (RFC 3696): {@code 127.1} or {@code 010.0.0.1} mean an address to some
 * programs and another one to others.
 *
 * <p>Equality is that of DNS: upper and lower case, and the ways to write a character or an address, are the same.
 *
 * <p><b>Threads:</b> immutable. Nothing here waits or looks up.
 */
public final class HostName {
    /** How long a name may be, the dot at its end left out. */
    public static final int MAX_LENGTH = 253;

    /** How long each label may be. */
    public static final int MAX_LABEL_LENGTH = 63;

    private static final int SHOWN_LENGTH = 80;
    private static final Pattern DOTTED_QUAD = Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");

    private final String text;
    private final String ascii;
    private final @Nullable InetAddress address;

    private HostName(String text, String ascii, @Nullable InetAddress address) {
        this.text = text;
        this.ascii = ascii;
        this.address = address;
    }

    /**
     * Checks a name.
     *
     * @param text a name, or the literal of an address; that of IPv6 with or without brackets
     * @throws IllegalArgumentException if it is no well-formed one; the message says why
     */
    public static HostName of(String text) {
        if (text.indexOf(':') >= 0) {
            return ofIpv6(text);
        }
        if (DOTTED_QUAD.matcher(text).matches()) {
            return ofLiteral(text, text);
        }
        String ascii = ascii(text).toLowerCase(Locale.ROOT);
        String relative = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (relative.isEmpty()) {
            throw malformed(text, "it is empty");
        }
        if (relative.length() > MAX_LENGTH) {
            throw malformed(text, "it has " + relative.length() + " characters, and may have " + MAX_LENGTH);
        }
        String[] labels = relative.split("\\.", -1);
        for (String label : labels) {
            checkLabel(text, label);
        }
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            throw malformed(text, "its last label is a number, and it is no IPv4 address of four decimal numbers");
        }
        return new HostName(text, ascii, null);
    }

    /** Returns the literal of {@code address}. */
    public static HostName of(InetAddress address) {
        return new HostName(address.getHostAddress(), address.getHostAddress(), address);
    }

    private static HostName ofIpv6(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return ofLiteral(text, bracketed ? text.substring(1, text.length() - 1) : text);
    }

    private static HostName ofLiteral(String text, String literal) {
        try {
            InetAddress address =
                    literal.indexOf(':') < 0 ? Inet4Address.ofLiteral(literal) : Inet6Address.ofLiteral(literal);
            return new HostName(text, address.getHostAddress(), address);
        } catch (IllegalArgumentException refused) {
            throw malformed(text, "it is no IPv" + (literal.indexOf(':') < 0 ? 4 : 6) + " address");
        }
    }

    private static String ascii(String text) {
        if (text.chars().allMatch(each -> each < 128)) {
            return text;
        }
        try {
            return IDN.toASCII(text);
        } catch (IllegalArgumentException refused) {
            throw malformed(text, "it cannot be written in ASCII (" + refused.getMessage() + ")");
        }
    }

    private static void checkLabel(String text, String label) {
        if (label.isEmpty()) {
            throw malformed(text, "a label is empty");
        }
        if (label.length() > MAX_LABEL_LENGTH) {
            throw malformed(text, "a label has " + label.length() + " characters, and may have " + MAX_LABEL_LENGTH);
        }
        if (!LABEL.matcher(label).matches()) {
            throw malformed(text, "a label has something else than letters, digits, _ and, inside, hyphens");
        }
    }

    private static IllegalArgumentException malformed(String text, String why) {
        String shown = text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "…";
        return new IllegalArgumentException("host name \"" + shown + "\": " + why);
    }

    /** Returns the address that it is the literal of, if it is one: then there is nothing to look up. */
    public Option<InetAddress> address() {
        return Option.of(address);
    }

    /** Returns whether it ends in a dot: no search domain is tried. */
    public boolean isAbsolute() {
        return address == null && ascii.endsWith(".");
    }

    /** Returns it in lower-case ASCII, with the dot at its end if there is one; a literal in its usual form. */
    public String ascii() {
        return ascii;
    }

    /** Returns whether {@code other} is the same to DNS. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostName name
                && ascii.equals(name.ascii)
                && (address == null) == (name.address == null);
    }

    @Override
    public int hashCode() {
        return ascii.hashCode();
    }

    /** Returns it as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
