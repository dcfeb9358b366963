package io.amphio.evented.dns;

import io.amphio.spi.SourceLock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers, for as long as they are true.
 *
 * <p>There are no more than so many; for a new one, the one that nobody has asked for the longest time goes.
 *
 * <p><b>Threads:</b> any.
 */
final class AnswerCache {
    private static final long MOST_SECONDS = TimeUnit.DAYS.toSeconds(1);
    private static final long MOST_SECONDS_NEGATIVE = TimeUnit.MINUTES.toSeconds(15);

    private final SourceLock lock = new SourceLock();
    private final int limit;
    private final Map<Question, Entry> entries = new LinkedHashMap<>(16, 0.75f, true); // @GuardedBy("lock")

    private record Entry(Answer answer, long untilNanos) {}

    AnswerCache(int limit) {
        this.limit = limit;
    }

    /** Returns the answer to {@code question} if it is true at {@code nowNanos}. */
    @Nullable
    Answer get(Question question, long nowNanos) {
        lock.acquire();
        try {
            Entry entry = entries.get(question);
            if (entry == null) {
                return null;
            }
            if (entry.untilNanos - nowNanos <= 0) {
                entries.remove(question);
                return null;
            }
            return entry.answer;
        } finally {
            lock.release();
        }
    }

    /** Keeps an answer that was given at {@code nowNanos}, in the place of an earlier one. */
    void put(Question question, Answer answer, long nowNanos) {
        long most = answer instanceof Answer.Found ? MOST_SECONDS : MOST_SECONDS_NEGATIVE;
        long seconds = Math.min(answer.seconds(), most);
        lock.acquire();
        try {
            if (seconds <= 0 || limit == 0) {
                entries.remove(question);
                return;
            }
            entries.put(question, new Entry(answer, nowNanos + TimeUnit.SECONDS.toNanos(seconds)));
            if (entries.size() > limit) {
                entries.remove(entries.keySet().iterator().next());
            }
        } finally {
            lock.release();
        }
    }

    /** Returns how many there are, those that are no longer true included. */
    int size() {
        lock.acquire();
        try {
            return entries.size();
        } finally {
            lock.release();
        }
    }
}
