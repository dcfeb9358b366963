package io.amphio.evented.ffi;

/**
 * How a {@code struct epoll_event} is laid out: its mask, an int, first, and then the 64 bits that are the user's. It is
 * packed on x86-64, as 32-bit programs have it there, and on no other processor.
 *
 * @param size how large it is
 * @param data where the user's bits are
 */
public record EpollLayout(int size, int data) {
    /**
     * Returns the layout on a processor.
     *
     * @param abi which
     * @return its layout
     */
    public static EpollLayout of(Abi abi) {
        return abi.arch() == Abi.Arch.X86_64 ? new EpollLayout(12, 4) : new EpollLayout(16, 8);
    }
}
