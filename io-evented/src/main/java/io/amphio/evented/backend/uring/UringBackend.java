package io.amphio.evented.backend.uring;

import io.amphio.evented.backend.Backend;
import io.amphio.evented.backend.CompletionSink;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.SystemClocks;
import io.amphio.evented.backend.fd.LinuxClock;
import io.amphio.evented.ffi.UringRefusal;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Operations as entries of an io_uring. Each goes to the kernel with the next {@link #poll}, in one system call for all of them
 * that also waits, and completes when the kernel says so.
 *
 * <p>A cancel is an entry too. Whatever the kernel answers to it, the operation ends with its own completion and not before,
 * since until then the kernel may still write to its memory.
 *
 * <p>The kernel may put off what it has to do for us until we enter it, and keeps completions that find no room; both is told by
 * flags in memory. So a poll that need not wait makes no system call unless there is something to submit or such a flag is up.
 *
 * <p><b>Threads:</b> as {@link Backend} says; "the loop's thread" below is whoever has custody. The ring belongs to the first thread
 * that submits or polls. A virtual thread changes the thread under it, so for one the ring is set up anew, without an owner.
 */
final class UringBackend implements Backend {
    /** User data of the waker's poll; no slot has a negative index. */
    private static final long WAKER = -1;

    /** User data of every cancel. */
    private static final long CANCEL = -2;

    private static final int ENOENT = 2;
    private static final int EALREADY = 114;
    private static final long REFUSED_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(1000);

    private final RingOptions options;
    private final CompletionSink sink;
    private final UringWaker waker;
    private final Requests requests;
    private final UringSlots slots = new UringSlots(); // the loop's thread
    private final Slab slab = new Slab(); // the loop's thread
    private final UringAlarms alarms = new UringAlarms(); // the loop's thread
    private final Ring.CompletionReader reader = this::completed;
    private Ring ring; // the loop's thread
    private Submissions submissions; // the loop's thread
    private boolean bound; // the loop's thread
    private boolean embedded; // the loop's thread: a foreign loop waits for the ring

    private UringBackend(RingOptions options, CompletionSink sink, Ring ring, UringWaker waker, Requests requests) {
        this.options = options;
        this.sink = sink;
        this.ring = ring;
        this.submissions = new Submissions(ring);
        this.waker = waker;
        this.requests = requests;
    }

    static UringBackend open(RingOptions options, CompletionSink sink, Requests requests) throws UringRefusal {
        Ring ring = Ring.open(options);
        UringWaker waker = null;
        boolean opened = false;
        try {
            waker = UringWaker.open();
            UringBackend backend = new UringBackend(options, sink, ring, waker, requests);
            opened = true;
            return backend;
        } finally {
            if (!opened) {
                ring.close();
                if (waker != null) {
                    waker.close();
                }
            }
        }
    }

    @Override
    public String name() {
        return UringProvider.NAME;
    }

    @Override
    public boolean supports(Operation.Kind kind) {
        return requests.supports(kind);
    }

    // ---- into the ring

    private void bind() {
        if (bound) {
            return;
        }
        try {
            if (Thread.currentThread().isVirtual()) {
                Ring unowned = Ring.open(options.unowned());
                ring.close();
                ring = unowned;
                submissions = new Submissions(ring);
            }
            ring.enable();
        } catch (UringRefusal e) {
            throw new UncheckedIOException(UringErrors.failure(e));
        }
        bound = true;
        armWaker();
    }

    private void armWaker() {
        submissions.add(entry -> entry.pollMulti(waker.number(), Request.POLLIN).userData(WAKER));
    }

    @Override
    public void submit(Operation operation) {
        bind();
        UringSlot slot = slots.take();
        if (slot.begin(operation, requests.of(operation.kind()), slab)) {
            submissions.add(slot);
        } else {
            end(slot);
        }
    }

    @Override
    public void cancel(Operation operation) {
        if (!(operation.ticket() instanceof UringSlot slot) || !slot.requestEnd()) {
            return;
        }
        if (submissions.remove(slot)) { // the kernel has no request of it
            operation.canceled();
            end(slot);
        } else {
            long target = slot.userData();
            submissions.add(entry ->
                    entry.call(Opcode.ASYNC_CANCEL, -1).memory(target, 0).userData(CANCEL));
        }
    }

    @Override
    public void flush() {
        bind();
        if (!handOver()) {
            refused();
        }
    }

    /** Submits what is prepared, without waiting; returns whether the kernel has taken all of it. */
    private boolean handOver() {
        submissions.advance();
        while (ring.unsubmitted() > 0) {
            if (Ring.isRefusal(ring.submit())) {
                return false;
            }
            submissions.advance();
        }
        return true;
    }

    /** The next poll tries again. A foreign loop that sleeps until the ring is readable has to make it, so it is made readable. */
    private void refused() {
        if (embedded) {
            waker.wake();
        }
    }

    // ---- out of the ring

    @Override
    public void poll(long timeoutNanos) {
        bind();
        submissions.advance();
        if (timeoutNanos != 0 && ring.completions() == 0) {
            awaitEvents(timeoutNanos);
        } else if (ring.unsubmitted() > 0) {
            flush();
        } else if (ring.isAskingToEnter()) {
            ring.submit();
        }
        takeAll();
    }

    /**
     * Submits, and waits for a completion; tests know by its name that a loop sleeps. Neither a signal ends it, nor that the kernel
     * has taken a part only and therefore has not waited. While there is a line behind the queue, it hands over without waiting: what
     * stands in line may be the only thing that would end the wait.
     *
     * <p>If it takes nothing, for lack of memory or because completions pile up, a moment passes, so that a loop with nothing else to
     * do does not spin, and the rest is for the next poll.
     */
    private void awaitEvents(long timeoutNanos) {
        long deadline = timeoutNanos < 0 ? 0 : System.nanoTime() + Math.min(timeoutNanos, LONGEST_WAIT_NANOS);
        long left = timeoutNanos;
        while (true) {
            boolean mayWait = !submissions.isHeldUp() || handOver();
            boolean taken = mayWait && !Ring.isRefusal(ring.submitAndWait(left));
            if (ring.completions() > 0) {
                return;
            }
            if (!taken) {
                ring.waitOnly(left < 0 ? REFUSED_WAIT_NANOS : Math.min(left, REFUSED_WAIT_NANOS));
                return;
            }
            if (timeoutNanos >= 0) {
                left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
            }
        }
    }

    /** Takes what is there now; what comes meanwhile is for the next turn. */
    private void takeAll() {
        for (int left = ring.completions(); left > 0; left--) {
            ring.take(reader);
        }
    }

    /** What follows from a completion is prepared as usual, but waits for the owner where the queue is full. */
    @Override
    public void reap() {
        if (bound) {
            submissions.setMaySubmit(false);
            try {
                takeAll();
            } finally {
                submissions.setMaySubmit(true);
            }
        }
    }

    @Override
    public boolean reapsWithoutOwner() {
        return !options.deferred();
    }

    @Override
    public boolean cancelsWithoutOwner() {
        return false; // a cancel is an entry, and only the owner can hand it over
    }

    private void completed(long userData, int result, int flags) {
        if (userData == WAKER) {
            wakerCompleted(result, flags);
        } else if (userData == CANCEL) {
            cancelCompleted(result);
        } else if (UringAlarms.isAlarm(userData)) {
            alarms.completed(submissions, userData, result);
        } else {
            UringSlot slot = slots.find(userData);
            if (slot == null) {
                throw new AssertionError("a completion for nobody: " + Long.toHexString(userData) + ", " + result);
            }
            if (slot.completed(result)) {
                end(slot);
            } else {
                submissions.add(slot);
            }
        }
    }

    private void wakerCompleted(int result, int flags) {
        if (result < 0 && result != -Ring.ECANCELED) {
            throw new AssertionError("poll of the eventfd: errno " + -result);
        }
        // The kernel ends it where completions find no room, and when the thread that asked for it has ended. What was
        // added to the
        // counter meanwhile completes the next poll at once.
        if ((flags & Ring.CQE_MORE) == 0) {
            armWaker();
        }
    }

    /** The target's own completion says how it ended; this only says whether the kernel understood. */
    private static void cancelCompleted(int result) {
        if (result != 0 && result != -ENOENT && result != -EALREADY) {
            throw new AssertionError("cancel of an operation: errno " + -result);
        }
    }

    private void end(UringSlot slot) {
        Operation operation = slot.operation();
        slot.free(slab);
        slots.give(slot);
        sink.completed(operation);
    }

    // ---- the rest

    @Override
    public boolean setAlarm(AlarmClock clock, long atNanos) {
        if (!requests.haveClocks()) {
            return false;
        }
        bind();
        alarms.set(submissions, clock, atNanos, CANCEL);
        return true;
    }

    @Override
    public long readClock(AlarmClock clock) {
        return SystemClocks.read(clock, LinuxClock.INSTANCE);
    }

    @Override
    public void wake() {
        waker.wake();
    }

    /** A ring is readable once it has completions, and one that defers them does not get that far by itself. */
    @Override
    public int pollNumber() {
        bind(); // which may replace the ring
        embedded = true;
        return options.deferred() ? -1 : ring.fd();
    }

    /** For tests: as if the kernel took nothing, while it is on. */
    void holdSubmissions(boolean hold) {
        submissions.setMaySubmit(!hold);
    }

    /** For tests: makes another call in place of the kernel's. */
    void setKernel(Ring.Enter kernel) {
        ring.setKernel(kernel);
    }

    /** Returns how often this ring's system call was made. */
    long enters() {
        return ring.enters();
    }

    @Override
    public void close() {
        if (slots.inFlight() > 0) {
            throw new AssertionError("close of a ring with " + slots.inFlight() + " operations in flight");
        }
        waker.close();
        ring.close();
        alarms.close();
        slab.close();
    }
}
