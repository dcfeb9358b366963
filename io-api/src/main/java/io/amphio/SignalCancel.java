package io.amphio;

import io.amphio.process.Signal;
import io.amphio.spi.process.JvmSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Cancels a future on INT and TERM, the first time; a second signal does what it did before. Who subscribes to them gets them
 * instead.
 */
final class SignalCancel implements AutoCloseable {
    private final Future<?> future;
    private final AtomicBoolean received = new AtomicBoolean();
    private final List<Runnable> leaving = new ArrayList<>(); // @GuardedBy("this")

    private SignalCancel(Future<?> future) {
        this.future = future;
    }

    static SignalCancel install(Future<?> future) {
        SignalCancel cancel = new SignalCancel(future);
        cancel.installOn(Signal.INT);
        cancel.installOn(Signal.TERM);
        return cancel;
    }

    private synchronized void installOn(Signal signal) {
        try {
            leaving.add(JvmSignals.SHARED.standIn(signal, told -> onSignal()));
        } catch (UnsupportedOperationException unavailable) {
            // No such signal on this system, or the JVM was told to keep its hands off (-Xrs).
            System.getLogger("io.amphio.runtime")
                    .log(System.Logger.Level.DEBUG, signal + " will not cancel the main task", unavailable);
        }
    }

    private void onSignal() {
        received.set(true);
        close();
        future.requestCancel();
    }

    /** Returns whether a signal has come. */
    boolean received() {
        return received.get();
    }

    @Override
    public synchronized void close() {
        leaving.forEach(Runnable::run);
        leaving.clear();
    }
}
