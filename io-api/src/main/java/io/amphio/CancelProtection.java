package io.amphio;

/**
 * Whether requests to cancel reach the current task now ({@link Io#swapCancelProtection}).
 *
 * <p>A deadline that is set <em>inside</em> a protected region still applies there: protection is from what comes from
 * outside of it, and clean-up that must not hang is what {@link Io#withTimeout} is for.
 */
public enum CancelProtection {
    /** Cancellation points throw when the task was canceled. */
    UNBLOCKED,
    /** Requests stay pending until the protection is swapped back. */
    BLOCKED
}
