package io.amphio.examples.redis;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Members with scores, in order of these. */
final class SortedMembers {
    record Scored(double score, String member) {}

    private final Map<String, Scored> scores = new HashMap<>();
    private final TreeSet<Scored> ordered =
            new TreeSet<>(Comparator.comparingDouble(Scored::score).thenComparing(Scored::member));

    /** Sets a score; returns whether the member is new. */
    boolean put(String member, double score) {
        Scored now = new Scored(score + 0.0, member); // no zero below zero
        Scored before = scores.put(member, now);
        if (before != null) {
            ordered.remove(before);
        }
        ordered.add(now);
        return before == null;
    }

    /** Removes the one with the lowest score; there must be some. */
    Scored popLowest() {
        Scored lowest = ordered.removeFirst();
        scores.remove(lowest.member());
        return lowest;
    }

    int size() {
        return ordered.size();
    }
}
