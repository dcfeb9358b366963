package io.amphio.spi.files;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.spi.Pending;
import io.amphio.spi.Startable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An open that may wait for ever, for the other end of a pipe, and that changes nothing: so who is canceled does not wait for it, and
 * what it opens after that is closed.
 *
 * <p>Of end and cancel, one compare-and-set says who was first, and that one tells.
 *
 * @param <T> what is opened
 */
public final class AbandonableOpen<T extends AutoCloseable> implements Startable<T> {
    private final Startable<T> open;

    /**
     * Wraps an open.
     *
     * @param open what opens; it closes without throwing
     */
    public AbandonableOpen(Startable<T> open) {
        this.open = open;
    }

    @Override
    public Pending start(Consumer<? super Outcome<T>> done) {
        AtomicBoolean told = new AtomicBoolean();
        Pending pending = open.start(outcome -> {
            if (told.compareAndSet(false, true)) {
                done.accept(outcome);
            } else if (outcome instanceof Outcome.Value<T>(T late)) {
                closeLate(late);
            }
        });
        return () -> {
            pending.cancel();
            if (told.compareAndSet(false, true)) {
                done.accept(new Outcome.Canceled<>(new CanceledException("canceled while it was being opened", null)));
            }
        };
    }

    private static void closeLate(AutoCloseable late) {
        try {
            late.close();
        } catch (Exception e) {
            throw new AssertionError("the close of a file throws nothing", e);
        }
    }
}
