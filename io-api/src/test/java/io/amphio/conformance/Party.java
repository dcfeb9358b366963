package io.amphio.conformance;

import io.amphio.Completer;
import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.vavr.CheckedRunnable;
import java.util.List;

/** Who takes part: a task of either runtime, or a thread that is no task. */
public enum Party {
    /** A task of the first runtime. */
    TASK,
    /** A task of the other runtime, where two are mixed. */
    OTHER_TASK,
    /** A platform thread that knows nothing of either. */
    PLATFORM_THREAD,
    /** A virtual thread of the JDK's own. */
    VIRTUAL_THREAD;

    private static final List<Party> ALL = List.of(values());

    /** Returns one kind after the other, and the first again. */
    static Party turn(int i) {
        return ALL.get(i % ALL.size());
    }

    /** Returns whether this can be canceled. */
    public boolean isTask() {
        return this == TASK || this == OTHER_TASK;
    }

    /** Starts {@code body} as this and returns the future of its end. */
    public Future<?> start(Io io, Io other, CheckedRunnable body) {
        return switch (this) {
            case TASK -> io.concurrent(body).getOrElseThrow(ConcurrencyUnavailable::asException);
            case OTHER_TASK -> other.concurrent(body).getOrElseThrow(ConcurrencyUnavailable::asException);
            case PLATFORM_THREAD -> onThread(Thread.ofPlatform().daemon(), body);
            case VIRTUAL_THREAD -> onThread(Thread.ofVirtual(), body);
        };
    }

    /** Returns the {@code Io} that this would use by itself: its own, or that of the first for a thread, which has none. */
    public Io ioOf(Io io, Io other) {
        return this == OTHER_TASK ? other : io;
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
