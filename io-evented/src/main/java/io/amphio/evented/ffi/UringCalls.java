package io.amphio.evented.ffi;

/**
 * The three system calls of io_uring, which C libraries do not have. Each returns what the kernel did: a result, or the negative
 * errno. None is made again when a signal interrupts it.
 *
 * <p><b>Threads:</b> any, where {@link NativeAccess#refusal} is null on Linux.
 */
public final class UringCalls {
    /** For {@link #enter}: also wait for completions, and let the kernel do what it has put off. */
    public static final int ENTER_GETEVENTS = 1;

    /** For {@link #enter}: the argument is an {@code io_uring_getevents_arg}, which has a timeout. */
    public static final int ENTER_EXT_ARG = 1 << 3;

    /** For {@link #register}: ask for the opcodes that this kernel knows. */
    public static final int REGISTER_PROBE = 8;

    /** For {@link #register}: allow submissions to a ring that was set up disabled; the caller becomes its owner. */
    public static final int REGISTER_ENABLE_RINGS = 12;

    // Numbers have been the same on all processors since 2019, but for Alpha and MIPS, on which no JDK 25 runs.
    private static final int SETUP = 425;
    private static final int ENTER = 426;
    private static final int REGISTER = 427;

    private UringCalls() {}

    /**
     * Sets up a ring.
     *
     * @param entries of the submission queue
     * @param params the address of an {@code io_uring_params}, which the kernel completes
     * @return the ring's descriptor, which is closed on exec
     */
    public static int setup(int entries, long params) {
        return (int) LinuxLibC.syscall(SETUP, entries, params, 0, 0, 0, 0);
    }

    /**
     * Submits, waits, or both.
     *
     * @param fd of the ring
     * @param submissions how many of its entries to take
     * @param completions how many to wait for
     * @param flags of the {@code ENTER_} constants
     * @param argument the address of an {@code io_uring_getevents_arg}, or 0
     * @param argumentBytes its size, or 0
     * @return how many entries were taken
     */
    public static int enter(int fd, int submissions, int completions, int flags, long argument, long argumentBytes) {
        return (int) LinuxLibC.syscall(ENTER, fd, submissions, completions, flags, argument, argumentBytes);
    }

    /**
     * Tells or asks the kernel something about a ring.
     *
     * @param fd of the ring
     * @param what one of the {@code REGISTER_} constants
     * @param argument an address, or 0
     * @param count how many things are there
     * @return 0 or more
     */
    public static int register(int fd, int what, long argument, int count) {
        return (int) LinuxLibC.syscall(REGISTER, fd, what, argument, count, 0, 0);
    }
}
