package io.amphio.spi;

/**
 * How long a task may go on before it lets others run: about 100 µs.
 *
 * <p>The clock is read every 128th operation only, as reading it costs more than most operations. Owned by one task; renewed
 * by whoever mounts it, on the same thread.
 */
final class Budget {
    private static final int OPERATIONS_PER_READING = 128;
    private static final long SLICE_NANOS = 100_000;

    private int operations;
    private boolean running;
    private long sliceStartNanos;

    boolean isUsedUp() {
        if (++operations < OPERATIONS_PER_READING) {
            return false;
        }
        operations = 0;
        long now = System.nanoTime();
        if (!running) { // the first 128 operations of a slice are on the house
            running = true;
            sliceStartNanos = now;
            return false;
        }
        return now - sliceStartNanos >= SLICE_NANOS;
    }

    void renew() {
        operations = 0;
        running = false;
    }
}
