package io.amphio.interop.flow;

/**
 * What one subscriber asks for.
 *
 * <p><b>Threads:</b> used by the task that runs the {@link Producer}, and by no other.
 *
 * @param <T> an item
 */
public interface Demand<T> {
    /**
     * Waits until the subscriber has asked for an item that it has not got. Cancellation point, also where it need not wait.
     *
     * <p>For who has to take an item away from somewhere: it need not be taken before it is wanted.
     */
    void await();

    /**
     * Hands {@code item} to the subscriber, waiting as {@link #await} does until it has asked for it.
     *
     * <p>Cancellation point: if it throws that, the item was not handed over. But after an {@link #await} it is none and does not
     * wait: what was taken away from somewhere after that arrives.
     *
     * @param item not null
     */
    void send(T item);
}
