package io.amphio.interop.hiredis;

import io.amphio.Completer;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatcher;
import io.amphio.spi.StartedWait;
import io.amphio.spi.Task;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.SendArm;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * From the pushes of a connection to a channel, in order.
 *
 * <pre>
 *   state     event                  next      and then
 *   -------   --------------------   -------   -------------------------------------------------------------
 *   flowing   a message, room        flowing   it is in the channel
 *   flowing   a message, no room     waiting   the connection reads no more; a sender that does not sleep is
 *                                              queued at the channel with the message
 *   waiting   a message              waiting   it was read together with the first: it is kept behind it
 *   waiting   the sender is served   flowing   what was kept goes the same way; if all is gone, reading goes on
 *   any       the connection ends    ended     the channel is closed, once what was kept is in it
 * </pre>
 *
 * <p>All of it in callbacks of the watcher; the channel wakes the sender from any thread, which hops there.
 */
final class Inflow implements RedisConnection.Listener {
    private final FdWatcher watcher;
    private final Channel<RedisMessage> channel;
    private final Completer<Boolean> confirmed = new Completer<>("subscription", () -> {});
    private final Queue<RedisMessage> kept = new ArrayDeque<>(); // callbacks
    private int unconfirmed; // callbacks
    private boolean waiting; // callbacks
    private @Nullable RedisConnection connection; // callbacks
    private volatile @Nullable IOException loss; // written once, in a callback

    Inflow(FdWatcher watcher, Channel<RedisMessage> channel, int names) {
        this.watcher = watcher;
        this.channel = channel;
        this.unconfirmed = names;
    }

    void flowsFrom(RedisConnection source) {
        watcher.execute(() -> connection = source);
    }

    /** Waits until Redis has confirmed each name. A cancellation point. */
    void awaitConfirmed(Io io, Timeout timeout) throws IOException {
        Outcome<Boolean> outcome = confirmed.future().waitFor(io, timeout);
        StartedWait.valueOf(outcome);
    }

    @Nullable
    IOException loss() {
        return loss;
    }

    @Override
    public void pushed(RedisReply reply) {
        List<RedisReply> parts = reply.list();
        switch (parts.getFirst().text()) {
            case "message" -> arrived(parts.get(1), parts.get(2));
            case "pmessage" -> arrived(parts.get(2), parts.get(3)); // behind the pattern
            case "subscribe", "psubscribe" -> {
                if (--unconfirmed == 0) {
                    confirmed.succeed(true);
                }
            }
            default -> {} // unsubscribed by an administrator, say
        }
    }

    private void arrived(RedisReply from, RedisReply body) {
        kept.add(new RedisMessage(from.text(), ((RedisReply.Bulk) body).bytes()));
        flow();
    }

    private void flow() {
        try {
            while (!waiting && !kept.isEmpty()) {
                RedisMessage next = kept.remove();
                if (!channel.trySend(next)) {
                    waitForRoom(next);
                }
            }
        } catch (ChannelClosedException closedByReceiver) {
            end();
            return;
        }
        if (!waiting) {
            if (loss != null) {
                channel.close();
            } else {
                pause(false);
            }
        }
    }

    private void waitForRoom(RedisMessage next) {
        SendArm<RedisMessage> sending = channel.sendArm(next);
        waiting = true;
        if (Waits.listen(sending, new Served(sending))) {
            pause(true);
        } else {
            served(sending);
        }
    }

    private void served(SendArm<RedisMessage> sending) {
        waiting = false;
        sending.requireSent();
    }

    private void pause(boolean now) {
        if (connection != null) {
            connection.pause(now);
        }
    }

    /** The receiver has closed the channel. */
    private void end() {
        kept.clear();
        waiting = false;
        if (connection != null) {
            RedisConnection ended = connection;
            watcher.execute(() -> ended.end("its channel was closed"));
        }
    }

    /** A sender that does not sleep. */
    private final class Served extends Waiter {
        private final SendArm<RedisMessage> sending;

        Served(SendArm<RedisMessage> sending) {
            super(Task.current());
            this.sending = sending;
        }

        @Override
        protected void wake() {
            watcher.execute(() -> {
                try {
                    served(sending);
                } catch (ChannelClosedException closedByReceiver) {
                    end();
                    return;
                }
                flow();
            });
        }
    }

    @Override
    public void lost(IOException why) {
        loss = Objects.requireNonNull(why);
        confirmed.fail(why);
        if (!waiting) {
            flow();
        }
    }
}
