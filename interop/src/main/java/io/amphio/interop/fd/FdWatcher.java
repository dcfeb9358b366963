package io.amphio.interop.fd;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.evented.EventedIo;
import io.amphio.evented.loop.Async;
import io.amphio.evented.loop.EventLoop;
import io.amphio.spi.LoopThread;
import io.amphio.spi.StartedWait;
import io.amphio.spi.Task;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The event loop that a C library is plugged into: readiness of its descriptors, timers, and code of other threads, all in
 * callbacks that come one at a time.
 *
 * <pre>{@code
 * FdWatcher watcher = FdWatcher.open(io);
 * watcher.execute(() -> {                                          // from here on in callbacks
 *     FdWatch watch = watcher.watch(library.socket(), (readable, writable) -> library.proceed(readable, writable));
 *     watch.update(true, false);                                   // the library wants to read; it may say otherwise at any time
 *     FdTimer timer = watcher.timer(library::timedOut);
 *     timer.set(Duration.ofSeconds(1));
 * });
 * }</pre>
 *
 * <p>On an evented {@code Io} with a native backend this is the event loop that its opener is nearest to, and no thread of its own.
 * On any other one (the NIO backend, the blocking {@code Io}, one that somebody wraps) it is one small thread, shared by all watchers of
 * the process that need it, which ends with the last of them.
 *
 * <p><b>Teardown.</b> In a callback: first the library's own shut-down, in which its hooks close each {@link FdWatch} before the
 * library closes the descriptor; then the timers; then {@link #close}. A watcher may outlive its loop: what is executed after a
 * runtime was closed runs in the thread that asks, still one at a time, so a library can always be shut down. Nothing is ready and
 * no timer fires then; {@link FdWatch.Listener#gone} has said so.
 *
 * <p><b>Descriptors</b> are never closed here, read, written, or made non-blocking. A closed watch has let go of the number before
 * {@code close} returns, so the library may close it at once, and the next watch of the same number is of the next file.
 *
 * <p><b>Threads:</b> {@link #open}, {@link #execute}, {@link #await} and {@link #close} in any; all else in callbacks only.<br>
 * <b>Waiting:</b> callbacks may not wait: whatever they try to wait for throws IllegalStateException and names the loop.<br>
 * <b>Failures:</b> what an executed action or a listener throws is logged, and the loop goes on.
 */
public final class FdWatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.amphio.interop.fd");
    private static final int MOST_AT_ONCE = 1000; // of the loop's turn, so that who asks without end starves nobody

    private final EventLoop loop;
    private final @Nullable PollThread thread;
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>(); // any thread adds, who is inside takes
    private final ReentrantLock inside = new ReentrantLock(); // held by whichever thread runs a callback
    private final Async wakeUp;
    private final Set<AwaitedFd> awaited = new HashSet<>(); // callbacks
    private final AtomicBoolean closed = new AtomicBoolean(); // set once, by any thread
    private volatile boolean gone; // set once, by who finds that the loop is closed

    private FdWatcher(EventLoop loop, @Nullable PollThread thread) {
        this.loop = loop;
        this.thread = thread;
        this.wakeUp = new Async(loop, this::runSome);
    }

    /**
     * Opens a watcher. Does not wait.
     *
     * @param io on whose loops
     * @return the watcher, which has to be closed
     * @throws IOException if a thread with a loop is needed and the system refuses
     * @throws UnsupportedOperationException if native code cannot be called here; the message says how to allow it
     */
    public static FdWatcher open(Io io) throws IOException {
        EventLoop near = EventedIo.loop(Objects.requireNonNull(io, "io")).getOrNull();
        if (near != null && PollThread.canPoll(near)) {
            return new FdWatcher(near, null);
        }
        PollThread thread = PollThread.acquire();
        return new FdWatcher(thread.loop(), thread);
    }

    /**
     * Runs something in a callback, later; where this is called in a callback, after that. Actions run in the order they came in.
     *
     * <p>None is lost: it is queued first, and {@code gone} is looked at last. Who finds the loop closed sets {@code gone} first
     * and empties the queue after that.
     *
     * @param action what to run; it must not wait
     */
    public void execute(Runnable action) {
        actions.add(Objects.requireNonNull(action, "action"));
        if (!gone && !wakeUp.signal()) {
            gone = true;
        }
        if (gone) {
            runWithoutLoop();
        }
    }

    private void runSome() {
        enter();
        try {
            for (int i = 0; i < MOST_AT_ONCE; i++) {
                Runnable action = actions.poll();
                if (action == null) {
                    return;
                }
                call(action);
            }
            if (!wakeUp.signal()) {
                gone = true;
            }
        } finally {
            leave();
        }
    }

    private void runWithoutLoop() {
        if (inside.isHeldByCurrentThread()) {
            return; // whoever is further up this stack runs it, on leaving
        }
        enter();
        Task before = Task.enter(new LoopThread("of " + this + ", closed")); // so that these may not wait either
        try {
            for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
                call(action);
            }
        } finally {
            Task.leave(before);
            inside.unlock();
        }
    }

    /**
     * Begins to watch a descriptor that somebody else has opened and will close; without interest at first.
     *
     * @param descriptor the system's number of it; not watched by this watcher already
     * @param listener who is told
     * @return the watch, to be closed before the descriptor
     * @throws IOException if there is no such descriptor
     * @throws IllegalStateException if this is no callback of this watcher
     */
    public FdWatch watch(int descriptor, FdWatch.Listener listener) throws IOException {
        requireInside("watch descriptor " + descriptor);
        return FdWatch.open(this, descriptor, listener);
    }

    /**
     * Creates a timer, not set.
     *
     * @param callback what to run when it is due
     * @throws IllegalStateException if this is no callback of this watcher
     */
    public FdTimer timer(Runnable callback) {
        requireInside("create a timer");
        return new FdTimer(this, callback);
    }

    /** How a descriptor became ready. */
    public enum Ready {
        /** A read would not wait; also at the end, and after an error. */
        READABLE,
        /** A write would not wait; also after an error. */
        WRITABLE
    }

    /**
     * Waits until a descriptor is ready: for libraries that are driven by tasks and have no hooks. A cancellation point; the
     * descriptor is not watched any more when this returns or throws.
     *
     * @param io who waits
     * @param what what for, for messages
     * @param descriptor the system's number of it, which stays open meanwhile
     * @param readable whether to wait for that
     * @param writable whether to wait for that
     * @param timeout how long to wait
     * @return for what it is ready
     * @throws IOException if there is no such descriptor, or the loop is closed meanwhile
     * @throws io.amphio.CanceledException if the current task was canceled first
     * @throws io.amphio.TimedOutException if the deadline passed first
     */
    public Ready await(Io io, String what, int descriptor, boolean readable, boolean writable, Timeout timeout)
            throws IOException {
        return StartedWait.run(io, what, timeout, done -> {
            AwaitedFd awaited = new AwaitedFd(this, what, descriptor, done);
            execute(() -> awaited.begin(readable, writable));
            return () -> execute(() -> awaited.end(
                    new Outcome.Canceled<>(new CanceledException("wait for " + what + ": canceled", null))));
        });
    }

    /**
     * Ends each {@link #await} with an IOException, and gives the thread back, if there is one. Watches and timers are to be closed
     * by who opened them, before. Does not wait; closing it again does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            execute(() -> List.copyOf(awaited).forEach(AwaitedFd::watcherClosed));
            if (thread != null) {
                thread.release();
            }
        }
    }

    // ---------------------------------------------------------------- for waits, watches and timers

    boolean isClosed() {
        return closed.get();
    }

    void began(AwaitedFd wait) {
        awaited.add(wait);
    }

    void ended(AwaitedFd wait) {
        awaited.remove(wait);
    }

    EventLoop loop() {
        return loop;
    }

    /** Whether nothing is polled and no timer fires any more. */
    boolean isGone() {
        return gone || loop.isClosed();
    }

    void requireInside(String what) {
        if (!inside.isHeldByCurrentThread()) {
            throw new IllegalStateException(what + ": only in a callback of " + this + "; use execute");
        }
    }

    /** Runs a callback of the loop, one at a time also with those that run without a loop. */
    void enterAndCall(Runnable callback) {
        enter();
        try {
            call(callback);
        } finally {
            leave();
        }
    }

    private void leave() {
        inside.unlock();
        if (gone && !actions.isEmpty()) {
            runWithoutLoop();
        }
    }

    // A callback never waits, so neither does this for long; and at all only while a loop is closed.
    private void enter() {
        inside.lock();
    }

    private void call(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable thrown) {
            LOG.log(Level.ERROR, "a callback of " + this + " threw", thrown);
        }
    }

    @Override
    public String toString() {
        return "FdWatcher on " + loop;
    }
}
