package io.amphio.sync;

/**
 * What is done with each message that is received.
 *
 * @param <T> a message
 * @param <X> what it throws; {@link RuntimeException} for a body that throws no checked exception
 */
@FunctionalInterface
public interface MessageBody<T, X extends Exception> {
    /** Runs the body on {@code message}. */
    void accept(T message) throws X;
}
