package io.amphio.spi;

/** A {@code SourceLock} that is taken in two steps. */
final class BrokenLock {
    private volatile boolean held;

    void acquire() {
        while (held) { // the bug: this and the next line are one compare-and-set
            Thread.onSpinWait();
        }
        held = true;
    }

    void release() {
        held = false;
    }
}
