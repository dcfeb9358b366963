package io.amphio.evented.backend.nio;

import io.amphio.evented.backend.Descriptor;

/**
 * One of the three streams that a process is born with.
 *
 * @param number 0 for input, 1 for output, 2 for error output
 */
record NioStandard(int number) implements Descriptor {
    /** Leaves it open: it is everybody's. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return switch (number) {
            case 0 -> "standard input";
            case 1 -> "standard output";
            default -> "standard error output";
        };
    }
}
