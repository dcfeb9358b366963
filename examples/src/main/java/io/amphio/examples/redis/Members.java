package io.amphio.examples.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A set that gives up its members at random, each with the same chance and in constant time. */
final class Members {
    private final List<String> members = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    boolean add(String member) {
        if (places.putIfAbsent(member, members.size()) != null) {
            return false;
        }
        return members.add(member);
    }

    /** Removes one; there must be some. */
    String pop() {
        int place = ThreadLocalRandom.current().nextInt(members.size());
        String popped = members.get(place);
        String last = members.removeLast();
        if (place < members.size()) { // the last one fills the gap
            members.set(place, last);
            places.put(last, place);
        }
        places.remove(popped);
        return popped;
    }

    int size() {
        return members.size();
    }
}
