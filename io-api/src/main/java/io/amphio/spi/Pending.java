package io.amphio.spi;

/** An operation that was started and tells later how it ended. */
@FunctionalInterface
public interface Pending {
    /**
     * Asks for its end. It still ends by itself, and if it cannot be stopped any more, with its result. Any thread may call this,
     * also more than once and after the end.
     */
    void cancel();
}
