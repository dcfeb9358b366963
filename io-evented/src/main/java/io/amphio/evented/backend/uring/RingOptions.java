package io.amphio.evented.backend.uring;

/**
 * How large a ring is, and who runs what the kernel has put off.
 *
 * @param submissions how many entries fit in before the kernel has to take some; a power of two
 * @param completions how many fit before the kernel keeps the rest to itself; a power of two
 * @param deferred whether completions are worked on only when the owner enters the kernel to wait: fewer interruptions, but
 *     nobody else sees anything of a ring whose owner is stuck
 * @param owned whether one thread, always the same, submits; a virtual one cannot, as it changes its carrier
 */
record RingOptions(int submissions, int completions, boolean deferred, boolean owned) {
    /** Set to true, rings are {@link #deferred}. */
    static final String DEFERRED_PROPERTY = "amphio.uring.deferTaskrun";

    static RingOptions ofSystem() {
        return new RingOptions(256, 4096, Boolean.getBoolean(DEFERRED_PROPERTY), true);
    }

    RingOptions smallest() {
        return new RingOptions(1, 2, deferred, owned);
    }

    RingOptions unowned() {
        return new RingOptions(submissions, completions, false, false);
    }
}
