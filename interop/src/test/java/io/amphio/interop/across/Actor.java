package io.amphio.interop.across;

import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.vavr.CheckedRunnable;

/** Who waits: a task of either implementation, or a thread that is no task. */
enum Actor {
    BLOCKING_TASK,
    EVENTED_TASK,
    PLATFORM_THREAD,
    VIRTUAL_THREAD;

    boolean isTask() {
        return this == BLOCKING_TASK || this == EVENTED_TASK;
    }

    /** Starts {@code body} as this actor and returns the future of its end. */
    Future<?> start(Io blocking, Io evented, CheckedRunnable body) {
        return switch (this) {
            case BLOCKING_TASK -> blocking.concurrent(body).get();
            case EVENTED_TASK -> evented.concurrent(body).get();
            case PLATFORM_THREAD -> onThread(Thread.ofPlatform().daemon(), body);
            case VIRTUAL_THREAD -> onThread(Thread.ofVirtual(), body);
        };
    }

    private static Future<?> onThread(Thread.Builder builder, CheckedRunnable body) {
        Completer<String> ended = new Completer<>("thread", () -> {}); // nobody can cancel a plain thread
        builder.start(() -> {
            try {
                body.run();
                ended.succeed("ended");
            } catch (Throwable thrown) {
                ended.fail(thrown);
            }
        });
        return ended.future();
    }
}
