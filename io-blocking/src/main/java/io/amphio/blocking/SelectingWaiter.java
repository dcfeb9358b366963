package io.amphio.blocking;

import io.amphio.spi.Task;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;

/**
 * The wait of a platform thread: it sleeps in its own selector, and is woken by waking that. Whoever wakes it leaves the
 * connection as it is.
 *
 * <p>A key keeps its interest until the thread waits for another one, which costs nothing while the thread does not select, and
 * saves two system calls for each wait of a thread that serves one connection.
 */
final class SelectingWaiter extends ReadyWaiter {
    private final OwnedSelector selector;
    private final Handle handle;

    SelectingWaiter(Task task, Handle handle, int ops, OwnedSelector selector) {
        super(task, ops);
        this.handle = handle;
        this.selector = selector;
    }

    @Override
    int polledOps() {
        return 0;
    }

    @Override
    protected void wake() {
        selector.wakeup();
    }

    @Override
    protected void sleep(long nanos) {
        try {
            SelectionKey armed = selector.arm(handle, ops());
            selector.select(nanos, key -> {
                if (key == armed && (key.readyOps() & ops()) != 0) {
                    claim(READY);
                }
            });
        } catch (ClosedChannelException | CancelledKeyException closed) {
            claim(READY); // the next try will say so, if nobody has yet
        } catch (IOException | ClosedSelectorException failed) {
            fail(failed instanceof IOException io ? io : new IOException("the selector was closed", failed));
        }
    }
}
