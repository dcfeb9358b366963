package io.amphio.evented.backend;

/** Where a backend puts each operation that has completed: a queue of the loop, never the user's code itself. */
@FunctionalInterface
public interface CompletionSink {
    /**
     * Takes back an operation with its outcome set. Called by who has custody of the loop: see {@link Backend}.
     *
     * @param operation completed just now
     */
    void completed(Operation operation);
}
