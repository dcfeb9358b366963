package io.amphio.evented.ffi;

/**
 * How a {@code struct kevent} is laid out, and the number that differs: identifier at 0, filter at 8 and flags at 10, two bytes
 * each, the filter's flags at 12, data at 16 and the user's pointer at 24. FreeBSD has four longs more since its release 12.
 *
 * @param size how large it is
 * @param userFilter {@code EVFILT_USER}
 */
public record KqueueLayout(int size, int userFilter) {
    /** Where the filter is. */
    public static final int FILTER = 8;
    /** Where the flags are. */
    public static final int FLAGS = 10;
    /** Where the flags of the filter are. */
    public static final int FILTER_FLAGS = 12;
    /** Where the data is: an errno, for one. */
    public static final int DATA = 16;
    /** Where the user's pointer is. */
    public static final int USER_DATA = 24;

    /**
     * Returns the layout on a system.
     *
     * @param abi which; that of the library for Linux, which is FreeBSD's of old
     * @return its layout
     */
    public static KqueueLayout of(Abi abi) {
        return switch (abi.os()) {
            case MACOS -> new KqueueLayout(32, -10);
            case FREEBSD -> new KqueueLayout(64, -11);
            case LINUX -> new KqueueLayout(32, -11);
        };
    }
}
