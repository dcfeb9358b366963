package io.amphio.net;

/**
 * Two streams that are connected with each other: what one writes, the other reads. Each is closed by itself.
 *
 * @param first one end
 * @param second the other end
 */
public record StreamPair(Stream first, Stream second) implements AutoCloseable {
    /** Closes both. */
    @Override
    public void close() {
        first.close();
        second.close();
    }
}
