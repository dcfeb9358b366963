package io.amphio.interop.http;

/**
 * One header of a message.
 *
 * @param name a token; case does not matter
 * @param value without line ends
 */
public record HttpHeader(String name, String value) {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** Checks both: what has a line end in it would begin a header of its own. */
    public HttpHeader {
        if (name.isEmpty() || !name.chars().allMatch(HttpHeader::isTokenChar)) {
            throw new IllegalArgumentException("not the name of a header: \"" + name + "\"");
        }
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new IllegalArgumentException("a control character in the value of the header " + name);
        }
    }

    private static boolean isTokenChar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** Returns whether this is the header called {@code otherName}. */
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }
}
