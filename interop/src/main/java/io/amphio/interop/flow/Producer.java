package io.amphio.interop.flow;

/**
 * What a publisher runs for a subscriber.
 *
 * @param <T> an item
 */
@FunctionalInterface
public interface Producer<T> {
    /**
     * Produces items, as long as they are asked for.
     *
     * @param demand where they go
     * @throws Exception to fail the subscription
     */
    void produce(Demand<T> demand) throws Exception;
}
