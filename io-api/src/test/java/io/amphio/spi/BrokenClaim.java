package io.amphio.spi;

import org.jspecify.annotations.Nullable;

/** What a {@code Waiter} has of the claim, but in two steps. */
final class BrokenClaim {
    private volatile @Nullable Object claim;

    boolean claim(Object by) {
        if (claim != null) { // the bug: this and the next line are one compare-and-set
            return false;
        }
        claim = by;
        return true;
    }
}
