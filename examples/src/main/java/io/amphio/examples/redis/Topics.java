package io.amphio.examples.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who has subscribed to which channel. Nothing here waits: a subscriber that does not keep up is dropped.
 *
 * <p><b>Threads:</b> any.
 */
final class Topics {
    private final ConcurrentMap<String, Set<Outbox>> subscribers = new ConcurrentHashMap<>();

    void add(String topic, Outbox subscriber) {
        subscribers.compute(topic, (_, present) -> {
            Set<Outbox> set = present == null ? ConcurrentHashMap.newKeySet() : present;
            set.add(subscriber);
            return set;
        });
    }

    void remove(String topic, Outbox subscriber) {
        subscribers.computeIfPresent(topic, (_, present) -> {
            present.remove(subscriber);
            return present.isEmpty() ? null : present;
        });
    }

    /** Hands a message to all who have subscribed, and returns to how many. */
    int publish(String topic, String message) {
        Set<Outbox> present = subscribers.get(topic);
        if (present == null) {
            return 0;
        }
        byte[] bytes =
                new Replies().array(3).bulk("message").bulk(topic).bulk(message).copy();
        int reached = 0;
        for (Outbox subscriber : present) {
            reached += subscriber.offer(bytes) ? 1 : 0;
        }
        return reached;
    }
}
