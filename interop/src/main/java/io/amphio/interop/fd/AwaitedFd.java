package io.amphio.interop.fd;

import io.amphio.Outcome;
import io.amphio.interop.fd.FdWatcher.Ready;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A watch that one task waits for. All of it in callbacks of its watcher; the first end counts. */
final class AwaitedFd implements FdWatch.Listener {
    private final FdWatcher watcher;
    private final String what;
    private final int descriptor;
    private final Consumer<? super Outcome<Ready>> done;
    private @Nullable FdWatch watch; // callbacks
    private boolean ended; // callbacks

    AwaitedFd(FdWatcher watcher, String what, int descriptor, Consumer<? super Outcome<Ready>> done) {
        this.watcher = watcher;
        this.what = what;
        this.descriptor = descriptor;
        this.done = done;
    }

    void begin(boolean readable, boolean writable) {
        if (ended) {
            return; // canceled before
        }
        if (watcher.isGone()) {
            gone();
            return;
        }
        if (watcher.isClosed()) {
            watcherClosed();
            return;
        }
        watcher.began(this);
        try {
            watch = watcher.watch(descriptor, this);
            watch.update(readable, writable);
        } catch (IOException | RuntimeException refused) {
            end(new Outcome.Failure<>(refused));
        }
    }

    @Override
    public void ready(boolean readable, boolean writable) {
        end(new Outcome.Value<>(readable ? Ready.READABLE : Ready.WRITABLE));
    }

    @Override
    public void gone() {
        fail("the runtime of its loop is closed");
    }

    void watcherClosed() {
        fail("it was closed");
    }

    private void fail(String why) {
        end(new Outcome.Failure<>(new IOException("wait for " + what + ": " + why)));
    }

    void end(Outcome<Ready> how) {
        if (!ended) {
            ended = true;
            watcher.ended(this);
            if (watch != null) {
                watch.close();
            }
            done.accept(how);
        }
    }
}
