package io.amphio.interop.hiredis;

import io.amphio.CanceledException;
import io.amphio.Outcome;
import io.amphio.spi.Pending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Commands that one task sends together, and their answers.
 *
 * <pre>
 *   state   event                     next    and then
 *   -----   -----------------------   -----   ----------------------------------------------------------------
 *   open    the last answer           ended   the task gets them all
 *   open    the connection is lost    ended   the task gets a failure
 *   open    cancel                    ended   the task gets just that. What was not sent is not sent; answers to
 *                                             what was sent are dropped as they come, so the others stay in step
 *   ended   any                       ended   nothing
 * </pre>
 *
 * <p>The mark is one compare-and-set, so the task is told once, whichever thread came first.
 */
final class RedisRequest implements Pending {
    private final List<byte[]> commands;
    private final Consumer<? super Outcome<List<RedisReply>>> done;
    private final List<RedisReply> replies = new ArrayList<>(); // callbacks of the connection
    private final AtomicBoolean ended = new AtomicBoolean();

    RedisRequest(List<byte[]> commands, Consumer<? super Outcome<List<RedisReply>>> done) {
        this.commands = commands;
        this.done = done;
    }

    List<byte[]> commands() {
        return commands;
    }

    boolean isEnded() {
        return ended.get();
    }

    void replied(RedisReply reply) {
        replies.add(reply);
        if (replies.size() == commands.size()) {
            end(new Outcome.Value<>(replies));
        }
    }

    void failed(IOException failure) {
        end(new Outcome.Failure<>(failure));
    }

    @Override
    public void cancel() {
        end(new Outcome.Canceled<>(new CanceledException("redis command: canceled", null)));
    }

    private void end(Outcome<List<RedisReply>> how) {
        if (ended.compareAndSet(false, true)) {
            done.accept(how);
        }
    }
}
