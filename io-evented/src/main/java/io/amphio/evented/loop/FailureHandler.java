package io.amphio.evented.loop;

/** Told what a callback threw. The loop goes on. */
@FunctionalInterface
public interface FailureHandler {
    /**
     * Takes note of it. Called on the loop's thread; what it throws itself is dropped.
     *
     * @param loop whose callback it was
     * @param failure what the callback threw
     */
    void failed(EventLoop loop, Throwable failure);
}
