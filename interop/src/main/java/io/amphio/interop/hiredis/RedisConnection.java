package io.amphio.interop.hiredis;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.interop.fd.FdWatch;
import io.amphio.interop.fd.FdWatcher;
import io.amphio.spi.LoopThread;
import io.amphio.spi.StartedWait;
import io.amphio.spi.Task;
import io.amphio.spi.Waits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous context of hiredis, and the callbacks that drive it.
 *
 * <pre>
 *   state        event                       next         and then
 *   ----------   -------------------------   ----------   ---------------------------------------------------------
 *   NEW          connect                     CONNECTING   hiredis begins; its hooks ask for interest
 *   CONNECTING   connected                   OPEN         who connects is told
 *   CONNECTING   refused, canceled           LOST         hiredis frees the context; who connects is told
 *   OPEN         a request                   OPEN         its commands are in hiredis's buffer, and it is in line
 *   OPEN         an answer                   OPEN         the first in line gets it, also if it was canceled: dropped then
 *   OPEN         end, error, gone, close     LOST         hiredis answers NULL to all in line, then frees the context
 *   LOST         a request                   LOST         it fails by what ended the connection
 * </pre>
 *
 * <p>The context is freed by hiredis itself, at the end of whichever call found the error. Its last hook, {@link #cleanedUp}, comes
 * before it closes the descriptor: there the watch lets go of the number, and {@code context} becomes 0, at which everybody looks
 * after each call.
 *
 * <p>hiredis answers in the order of the commands, so the line of requests needs no numbers.
 */
final class RedisConnection {
    /** Who is told what belongs to no request; in callbacks of the watcher. */
    interface Listener {
        /** Nobody. */
        Listener NONE = new Listener() {
            @Override
            public void pushed(RedisReply reply) {
                throw new AssertionError("pushed to a connection without subscriptions: " + reply);
            }

            @Override
            public void lost(IOException why) {}
        };

        /** An answer to what {@link #sendPushed} sent. */
        void pushed(RedisReply reply);

        /** There is no connection any more, and nothing else will be told. */
        void lost(IOException why);
    }

    private final FdWatcher watcher;
    private final String name;
    private final Listener listener;
    private final Completer<@Nullable Void> freed = new Completer<>("the end of a connection", () -> {});

    // All that follows: callbacks of the watcher.
    private long handle;
    private long context; // 0 before and after
    private @Nullable FdWatch watch;
    private boolean reading;
    private boolean writing;
    private boolean paused; // no answer is read, as nobody has room for it
    private boolean flushing; // a flush is on its way, so it is not worth asking whether a write would wait
    private boolean inCall; // hiredis is on the stack, and frees the context itself
    private @Nullable Consumer<Outcome<Boolean>> connecting;
    private final Queue<RedisRequest> line = new ArrayDeque<>();
    private @Nullable IOException loss; // why there is no connection any more

    RedisConnection(FdWatcher watcher, String name, Listener listener) {
        this.watcher = watcher;
        this.name = name;
        this.listener = listener;
    }

    // ---------------------------------------------------------------- tasks

    /** Connects. A cancellation point; if it throws, the connection is lost and will be closed. */
    void connect(Io io, RedisOptions.Target target, Timeout timeout) throws IOException {
        StartedWait.<Boolean>run(io, "connect " + name, timeout, done -> {
            watcher.execute(() -> begin(target, done));
            return () -> watcher.execute(this::cancelConnecting);
        });
    }

    /** Sends commands in a row and waits for all their answers. A cancellation point. */
    List<RedisReply> send(Io io, List<byte[]> commands, Timeout timeout) throws IOException {
        return StartedWait.run(io, "a reply of " + name, timeout, done -> {
            RedisRequest request = new RedisRequest(commands, done);
            watcher.execute(() -> submit(request));
            return request;
        });
    }

    /** Sends a command whose answers are pushed, without end. */
    void sendPushed(byte[] command) {
        watcher.execute(() -> {
            if (context != 0 && !call(() -> Hiredis.send(context, handle, command, true))) {
                lose(lost("it is closing"));
            }
        });
    }

    void close() {
        watcher.execute(() -> {
            lose(new IOException(name + ": the client is closed"));
            free();
            freed.succeed(null); // also if there was never a context
        });
        if (!(Task.current() instanceof LoopThread)) {
            Waits.awaitUncanceled(freed.future().doneArm());
        }
    }

    // ---------------------------------------------------------------- callbacks

    private void begin(RedisOptions.Target target, Consumer<? super Outcome<Boolean>> done) {
        connecting = done::accept;
        long begun = Hiredis.connect(target);
        if (begun == 0) {
            lose(new IOException("connect " + name + ": hiredis has no memory left"));
        } else if (Hiredis.errorOf(begun) != 0) {
            lose(new IOException("connect " + name + ": " + Hiredis.errorTextOf(begun)));
            HiredisNatives.redisAsyncFree(begun);
        } else {
            attach(begun);
        }
        endConnecting();
    }

    private void attach(long begun) {
        try {
            watch = watcher.watch(Hiredis.descriptorOf(begun), new Readiness());
        } catch (IOException noDescriptor) {
            lose(noDescriptor);
            HiredisNatives.redisAsyncFree(begun);
            return;
        }
        handle = Hiredis.CONNECTIONS.add(this);
        context = begun;
        run(() -> Hiredis.attach(begun, handle));
    }

    private void endConnecting() {
        Consumer<Outcome<Boolean>> waiting = connecting;
        if (waiting != null && loss != null) {
            connecting = null;
            waiting.accept(new Outcome.Failure<>(loss));
        }
    }

    private void cancelConnecting() {
        Consumer<Outcome<Boolean>> waiting = connecting;
        if (waiting != null) { // else it has happened, or failed
            connecting = null;
            lose(new IOException("connect " + name + ": canceled"));
            free();
            waiting.accept(new Outcome.Canceled<>(new CanceledException("connect " + name + ": canceled", null)));
        }
    }

    private void submit(RedisRequest request) {
        for (byte[] command : request.commands()) {
            if (request.isEnded()) {
                return;
            }
            if (context == 0 || !call(() -> Hiredis.send(context, handle, command, false))) {
                request.failed(loss != null ? loss : lost("it is closing"));
                return;
            }
            line.add(request);
        }
        if (!flushing) { // once for all that is asked for in this turn
            flushing = true;
            watcher.execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        if (context != 0) {
            run(() -> HiredisNatives.redisAsyncHandleWrite(context));
            updateInterest(); // in writing, if not all went out
        }
    }

    private final class Readiness implements FdWatch.Listener {
        @Override
        public void ready(boolean readable, boolean writable) {
            if (readable && context != 0) {
                run(() -> HiredisNatives.redisAsyncHandleRead(context));
            }
            if (writable && context != 0) {
                run(() -> HiredisNatives.redisAsyncHandleWrite(context));
            }
        }

        @Override
        public void gone() {
            lose(new IOException(name + ": the runtime of its loop is closed"));
            free();
        }
    }

    /** Stops reading, or goes on: the server's messages then wait in the system's buffers, and with it. */
    void pause(boolean now) {
        paused = now;
        updateInterest();
    }

    private void updateInterest() {
        if (watch != null) {
            watch.update(reading && !paused, writing);
        }
    }

    /** Ends the connection. */
    void end(String why) {
        lose(lost(why));
        free();
    }

    /** Remembers the first reason. */
    private void lose(IOException why) {
        if (loss == null) {
            loss = why;
        }
    }

    private IOException lost(String why) {
        return new IOException(name + ": the connection is lost: " + why + "; connect anew");
    }

    private void free() {
        if (context != 0 && !inCall) {
            run(() -> HiredisNatives.redisAsyncFree(context));
        }
    }

    private void run(Runnable inHiredis) {
        call(() -> {
            inHiredis.run();
            return true;
        });
    }

    /** Calls hiredis, and does what had to wait until it was off the stack. */
    private boolean call(BooleanSupplier inHiredis) {
        boolean before = inCall;
        inCall = true;
        boolean taken;
        try {
            taken = inHiredis.getAsBoolean();
        } finally {
            inCall = before;
        }
        if (!inCall && handle != 0 && context == 0) {
            freed.succeed(null); // the descriptor is closed
        }
        return taken;
    }

    // ---------------------------------------------------------------- what hiredis calls

    void wantReading(boolean now) {
        if (reading != now) {
            reading = now;
            updateInterest();
        }
    }

    void wantWriting(boolean now) {
        if (writing != now) {
            writing = now;
            if (!flushing) {
                updateInterest();
            }
        }
    }

    void connected(boolean isConnected) {
        if (!isConnected) {
            lose(new IOException("connect " + name + ": " + Hiredis.errorTextOf(context)));
        } else if (connecting != null) {
            Consumer<Outcome<Boolean>> waiting = connecting;
            connecting = null;
            waiting.accept(new Outcome.Value<>(true));
        }
    }

    void replied(long reply) {
        RedisRequest first = Objects.requireNonNull(line.poll(), "an answer that nobody waits for");
        if (reply == 0) {
            noteLoss();
            first.failed(Objects.requireNonNull(loss));
        } else if (!first.isEnded()) {
            first.replied(Hiredis.copyOf(reply));
        }
    }

    void pushed(long reply) {
        if (reply == 0) {
            noteLoss();
        } else {
            listener.pushed(Hiredis.copyOf(reply));
        }
    }

    private void noteLoss() {
        if (loss == null) {
            String why = Hiredis.errorTextOf(context);
            loss = lost(why.isEmpty() ? "it was closed" : why);
        }
    }

    /** The last that hiredis says; it closes the descriptor after this. */
    void cleanedUp() {
        noteLoss();
        if (watch != null) {
            watch.close();
            watch = null;
        }
        Hiredis.CONNECTIONS.remove(handle);
        context = 0;
        endConnecting();
        for (RedisRequest left = line.poll(); left != null; left = line.poll()) {
            left.failed(Objects.requireNonNull(loss));
        }
        listener.lost(Objects.requireNonNull(loss));
    }

    /** A callback failed: no memory, say. The connection is not in step any more. */
    void broke(Throwable thrown) {
        lose(new IOException(name + ": a callback failed: " + thrown, thrown));
        watcher.execute(this::free);
    }

    @Override
    public String toString() {
        return name;
    }
}
