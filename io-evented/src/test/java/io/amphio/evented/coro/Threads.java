package io.amphio.evented.coro;

/** Waits for observed states of threads. */
final class Threads {
    private Threads() {}

    static void untilWaiting(Thread thread) {
        while (true) {
            switch (thread.getState()) {
                case WAITING, TIMED_WAITING, BLOCKED -> {
                    return;
                }
                case TERMINATED -> throw new AssertionError(thread + " ended instead of waiting");
                default -> Thread.onSpinWait();
            }
        }
    }
}
