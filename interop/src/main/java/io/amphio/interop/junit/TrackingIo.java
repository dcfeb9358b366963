package io.amphio.interop.junit;

import io.amphio.ConcurrencyUnavailable;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.spi.forwarding.ForwardingIo;
import io.vavr.CheckedFunction0;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An {@link Io} that knows where its tasks were started. */
final class TrackingIo extends ForwardingIo {
    private static final int FRAMES = 4;

    private final Map<Future<?>, List<StackWalker.StackFrame>> running = new ConcurrentHashMap<>();

    TrackingIo(Io real) {
        super(real);
    }

    /** Returns what tasks there are, each with the place where it was started, if it is known. */
    List<String> leaked() {
        List<String> leaks = new ArrayList<>();
        running.forEach((task, frames) -> {
            if (!task.isDone()) {
                StringBuilder text = new StringBuilder("task \"" + task.name() + "\" runs; it was started");
                frames.forEach(frame -> text.append("\n    at ").append(frame));
                leaks.add(text.toString());
            }
        });
        String dump = real().dumpTasks();
        if (!dump.contains(": 0 tasks")) {
            leaks.add(dump.strip()); // also those that somebody else started
        }
        return leaks;
    }

    private TaskOptions tracked(TaskOptions options) {
        List<StackWalker.StackFrame> frames = StackWalker.getInstance()
                .walk(all -> all.filter(frame -> !frame.getClassName().startsWith("io.amphio.interop.junit.Tracking")
                                && !frame.getClassName().equals(Io.class.getName()))
                        .limit(FRAMES)
                        .toList());
        return options.whenCreated(task -> {
            running.put(task, frames);
            task.whenDone(_ -> running.remove(task));
        });
    }

    @Override
    public <T extends @Nullable Object> Future<T> async(TaskOptions options, CheckedFunction0<? extends T> body) {
        return super.async(tracked(options), body);
    }

    @Override
    public <T extends @Nullable Object> Either<ConcurrencyUnavailable, Future<T>> concurrent(
            TaskOptions options, CheckedFunction0<? extends T> body) {
        return super.concurrent(tracked(options), body);
    }
}
