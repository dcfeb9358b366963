package io.amphio.fs;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of one of the times of a file. */
public final class TimeChange {
    /** It stays as it is. */
    public static final TimeChange LEAVE = new TimeChange(null);

    /** It becomes the time of the call, by the clock of the system that makes it. */
    public static final TimeChange NOW = new TimeChange(null);

    private final @Nullable Instant instant;

    private TimeChange(@Nullable Instant instant) {
        this.instant = instant;
    }

    /**
     * It becomes this; a file system may keep less of it than nanoseconds.
     *
     * @param instant when
     */
    public static TimeChange to(Instant instant) {
        return new TimeChange(Objects.requireNonNull(instant, "TimeChange.to: the instant is null"));
    }

    /** Returns what it becomes; null for {@link #LEAVE} and {@link #NOW}. */
    public @Nullable Instant instant() {
        return instant;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the two constants are identities
    public String toString() {
        return instant != null ? instant.toString() : this == NOW ? "now" : "as it is";
    }
}
