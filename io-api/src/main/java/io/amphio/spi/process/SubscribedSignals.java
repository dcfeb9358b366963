package io.amphio.spi.process;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.process.Signal;
import io.amphio.process.SignalArm;
import io.amphio.process.SignalSubscription;
import io.amphio.spi.Arm;
import io.amphio.spi.SourceLock;
import io.amphio.spi.WaitQueue;
import io.amphio.spi.Waiter;
import io.amphio.spi.Waits;
import io.amphio.sync.ChannelClosedException;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscription, and the signals that came and were not received.
 *
 * <pre>
 *   waiting   pending    event           next                 and then
 *   -------   --------   -------------   ------------------   ---------------------------------------------
 *   none      without s  s comes         one more pending     it is kept
 *   none      with s     s comes         the same             the two are one
 *   some      none       s comes         one waits less       the first that was not canceled or late gets it
 *   none      some       a receive       one pending less     the oldest is returned
 *   any       any        close           closed               all that wait are told; what is pending is dropped
 * </pre>
 *
 * <p>No signal is lost: one that comes is handed to a waiter by the claim, or kept, and a receive looks at what is kept before it
 * waits; both under the lock.
 */
final class SubscribedSignals implements SignalSubscription {
    private final SourceLock lock = new SourceLock();
    private final WaitQueue waiting = new WaitQueue(); // @GuardedBy("lock")
    private final Set<Signal> pending = new LinkedHashSet<>(); // @GuardedBy("lock")
    private boolean closed; // @GuardedBy("lock")
    private final List<Signal> signals;
    private final List<Runnable> leaving = new ArrayList<>(); // of who subscribes, then @GuardedBy("leaving")

    SubscribedSignals(List<Signal> signals) {
        this.signals = List.copyOf(signals);
    }

    void onClose(Runnable leave) {
        synchronized (leaving) {
            leaving.add(leave);
        }
    }

    /** A thread of the JDK's: {@code signal} has come. */
    void deliver(Signal signal) {
        Waiter woken = Waiter.NOBODY;
        lock.acquire();
        try {
            if (!closed) {
                Receive first = firstClaimed(signal);
                if (first != null) {
                    woken = first.woken();
                } else {
                    pending.add(signal);
                }
            }
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
    }

    private @Nullable Receive firstClaimed(Signal signal) {
        for (Arm arm = waiting.poll(); arm != null; arm = waiting.poll()) {
            Receive receive = (Receive) arm;
            receive.signal = signal; // before the claim, which publishes it
            if (receive.claim()) {
                return receive;
            }
            receive.signal = null;
        }
        return null;
    }

    @Override
    public Signal receive(Io io, Timeout timeout) {
        Receive arm = new Receive();
        Waits.await(io, arm, timeout);
        return arm.signal();
    }

    @Override
    public Option<Signal> tryReceive() {
        Receive arm = new Receive();
        return Waits.attempt(arm) ? Option.some(arm.signal()) : Option.none();
    }

    @Override
    public SignalArm receiveArm() {
        return new Receive();
    }

    @Override
    public void close() {
        Waiter woken;
        lock.acquire();
        try {
            closed = true;
            pending.clear();
            woken = waiting.pollAllClaimed();
        } finally {
            lock.release();
        }
        Waiter.wakeAll(woken);
        synchronized (leaving) {
            leaving.forEach(Runnable::run);
            leaving.clear();
        }
    }

    private final class Receive extends SignalArm {
        private @Nullable Signal signal; // @GuardedBy("lock") until this has happened, then the waiting task's

        Waiter woken() {
            return waiter();
        }

        @Override
        public Signal signal() {
            Signal received = signal;
            if (received == null) {
                throw new ChannelClosedException("receive from " + SubscribedSignals.this + ": it is closed");
            }
            return received;
        }

        @Override
        protected SourceLock lock() {
            return lock;
        }

        @Override
        protected @Nullable Waiter attempt() {
            Iterator<Signal> oldest = pending.iterator();
            if (oldest.hasNext()) {
                signal = oldest.next();
                oldest.remove();
                return Waiter.NOBODY;
            }
            return closed ? Waiter.NOBODY : null;
        }

        @Override
        protected void enqueue() {
            waiting.add(this);
        }

        @Override
        public String describe() {
            return "receive from " + SubscribedSignals.this;
        }
    }

    @Override
    public String toString() {
        return "subscription to " + signals;
    }
}
