package io.amphio.stream;

import java.nio.ByteBuffer;

/**
 * Buffers that an {@link io.amphio.Io} can hand to the kernel as they are; any other buffer it copies.
 *
 * <p><b>Threads:</b> every method may be called from anywhere and never waits.<br>
 * <b>Memory:</b> direct, pooled; one that is never given back is collected like any other object.
 */
public interface Buffers {
    /**
     * Returns a direct buffer with a position of zero and a limit and capacity of {@code sizeBytes}.
     *
     * <p>What it contains is unspecified.
     *
     * @param sizeBytes 1 or more
     * @throws IllegalArgumentException if {@code sizeBytes} is below 1
     */
    ByteBuffer take(int sizeBytes);

    /**
     * Gives a buffer back for others to use; the caller must not touch it any more.
     *
     * @param buffer what {@link #take} returned
     * @throws IllegalArgumentException if {@code buffer} was not taken from here, or was given back before
     * @throws IllegalStateException if an operation still uses it
     */
    void give(ByteBuffer buffer);
}
