package io.amphio.interop.concurrent;

import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.spi.Timers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ScheduledExecutorService} by the timers of an {@link Io}: see {@link IoExecutors}.
 *
 * <pre>
 *   a command is   event                                  next       and then
 *   ------------   ------------------------------------   --------   ------------------------------------------
 *   new            schedule…                              delayed    its timer runs
 *   delayed        its time comes                         begun      a task runs it
 *   delayed        cancel, shutdownNow; shutdown,         over       its timer is stopped
 *                  if it is periodic
 *   begun          it returns, is periodic, not           delayed    with its next time
 *                  canceled, and there is no shutdown
 *   begun          it ends otherwise                      over
 * </pre>
 *
 * <p>Delayed ones are in a map under the executor's monitor; who takes one out of it decides what becomes of it. It is counted as a
 * command in the same critical section, so the executor cannot terminate in between.
 */
final class IoScheduledExecutor extends IoExecutor implements ScheduledExecutorService {
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4; // some 73 years, which cannot overflow

    private final IdentityHashMap<Scheduled<?>, Timers.Timer> delayed = new IdentityHashMap<>(); // @GuardedBy("this")

    IoScheduledExecutor(Io io, TaskOptions options) {
        super(io, options);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return delay(new Scheduled<>(asCallable(command), deadlineNanos(delay, unit), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return delay(new Scheduled<>(callable, deadlineNanos(delay, unit), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return delay(new Scheduled<>(asCallable(command), deadlineNanos(initialDelay, unit), positive(period, unit)));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return delay(new Scheduled<>(asCallable(command), deadlineNanos(initialDelay, unit), -positive(delay, unit)));
    }

    @SuppressWarnings("NullAway") // the future of a Runnable brings null, whatever its type says
    private static Callable<Void> asCallable(Runnable command) {
        java.util.Objects.requireNonNull(command, "schedule: the command is null");
        return () -> {
            command.run();
            return null;
        };
    }

    private static long positive(long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException("schedule: a period that is not above zero: " + period + " " + unit);
        }
        return Math.min(unit.toNanos(period), LONGEST_NANOS);
    }

    private long deadlineNanos(long delay, TimeUnit unit) {
        return io.clock().nanoTime() + Math.clamp(unit.toNanos(delay), 0, LONGEST_NANOS);
    }

    private <V extends @Nullable Object> Scheduled<V> delay(Scheduled<V> scheduled) {
        synchronized (this) {
            requireNotShutDown();
            startTimer(scheduled);
        }
        return scheduled;
    }

    /** Under the monitor, which the timer's action takes: so that finds the timer in the map. */
    private void startTimer(Scheduled<?> scheduled) {
        try {
            delayed.put(scheduled, io.timers().start(scheduled.deadlineNanos, () -> fire(scheduled)));
        } catch (IllegalStateException closed) {
            throw new RejectedExecutionException("schedule on " + io + ": " + closed.getMessage(), closed);
        }
    }

    private void fire(Scheduled<?> scheduled) {
        Command command = new Command(scheduled);
        synchronized (this) {
            if (delayed.remove(scheduled) == null) {
                return; // it was canceled
            }
            count(command);
        }
        try {
            begin(command);
        } catch (RejectedExecutionException refused) {
            scheduled.fail(refused);
        }
    }

    /** By a periodic command that has returned. */
    private void again(Scheduled<?> scheduled) {
        synchronized (this) {
            if (!isShutdown()) {
                try {
                    startTimer(scheduled);
                } catch (RejectedExecutionException closed) {
                    scheduled.fail(closed);
                }
                return;
            }
        }
        scheduled.cancel(false);
    }

    private void leave(Scheduled<?> scheduled) {
        Timers.Timer timer;
        synchronized (this) {
            timer = delayed.remove(scheduled);
        }
        if (timer != null) {
            timer.cancel();
            terminateIfOver();
        }
    }

    @Override
    int delayed() {
        return delayed.size();
    }

    private synchronized List<Scheduled<?>> allDelayed() {
        return new ArrayList<>(delayed.keySet());
    }

    @Override
    public void shutdown() {
        super.shutdown();
        for (Scheduled<?> scheduled : allDelayed()) {
            if (scheduled.isPeriodic()) {
                scheduled.cancel(false);
            }
        }
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> neverBegun = new ArrayList<>(super.shutdownNow());
        for (Scheduled<?> scheduled : allDelayed()) {
            Timers.Timer timer;
            synchronized (this) {
                timer = delayed.remove(scheduled);
            }
            if (timer != null) {
                timer.cancel();
                neverBegun.add(scheduled);
            }
        }
        terminateIfOver();
        return neverBegun;
    }

    private final class Scheduled<V extends @Nullable Object> extends TaskFuture<V>
            implements RunnableScheduledFuture<V> {
        private final long periodNanos; // above zero from start to start, below from end to start, zero once
        private volatile long deadlineNanos; // written before it is delayed, by who delays it

        Scheduled(Callable<V> callable, long deadlineNanos, long periodNanos) {
            super(IoScheduledExecutor.this.io, callable);
            this.deadlineNanos = deadlineNanos;
            this.periodNanos = periodNanos;
        }

        @Override
        public boolean isPeriodic() {
            return periodNanos != 0;
        }

        @Override
        public void run() {
            if (!isPeriodic()) {
                super.run();
            } else if (runAndReset()) {
                deadlineNanos = periodNanos > 0
                        ? deadlineNanos + periodNanos
                        : io.clock().nanoTime() - periodNanos;
                again(this);
            } else {
                passOnCancel();
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean canceled = super.cancel(mayInterruptIfRunning);
            leave(this);
            return canceled;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(deadlineNanos - io.clock().nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return other instanceof Scheduled<?> scheduled
                    ? Long.compare(deadlineNanos - scheduled.deadlineNanos, 0)
                    : Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
