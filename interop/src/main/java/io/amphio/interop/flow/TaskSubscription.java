package io.amphio.interop.flow;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.TaskOptions;
import io.amphio.sync.Semaphore;
import java.util.Objects;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber, and the task that produces for it.
 *
 * <pre>
 *   open     demand   event               open      demand   and then
 *   ------   ------   -----------------   -------   ------   --------------------------------------------------------
 *   yes      0        request(n)          yes       n        a permit wakes the task, if it waits
 *   yes      n        request(m)          yes       n + m    nothing: the task looks before it waits
 *   yes      n        the task sends      yes       n - 1    onNext
 *   yes      any      the producer ends   no        any      onComplete, or onError
 *   yes      any      a bad request       refused   any      the task is canceled, and signals onError
 *   yes      any      cancel              no        any      the task is canceled; it ends without a signal, but hands over what
 *                                                            it had taken for the subscriber
 *   no       any      anything            no        any      nothing
 * </pre>
 *
 * <p>Signals are serial: once {@code onSubscribe} has returned, only the task makes them.
 *
 * <p>No wake-up is lost: a request adds to the demand and then releases a permit if there was none; the task waits for a permit only
 * if it has found no demand, and looks again after each. A permit that is left over costs one more look.
 */
final class TaskSubscription<T> implements Subscription, Demand<T> {
    private final Io io;
    private final AtomicReference<@Nullable Producer<T>> producer;
    private final AtomicReference<@Nullable Subscriber<? super T>> subscriber; // null once the task has ended
    private final AtomicLong demand = new AtomicLong(); // Long.MAX_VALUE: without end
    private final Semaphore wakeUps = new Semaphore(0);
    private final AtomicReference<@Nullable IllegalArgumentException> badRequest = new AtomicReference<>();
    private final AtomicReference<@Nullable Future<?>> task = new AtomicReference<>();
    private volatile boolean canceled; // by the subscriber, or for a bad request
    private boolean granted; // whether an item was asked for and none sent since; owned by the task

    TaskSubscription(Io io, Producer<T> producer, Subscriber<? super T> subscriber) {
        this.io = io;
        this.producer = new AtomicReference<>(producer);
        this.subscriber = new AtomicReference<>(subscriber);
    }

    void start() {
        Subscriber<? super T> subscribing = Objects.requireNonNull(subscriber.get());
        subscribing.onSubscribe(this);
        TaskOptions options = TaskOptions.named("publisher").whenCreated(this::created);
        try {
            var started = io.concurrent(options, this::run);
            if (started.isLeft()) {
                end(started.getLeft().asException());
            }
        } catch (IllegalStateException closed) {
            end(closed);
        }
    }

    private void created(Future<?> future) {
        task.set(future);
        if (canceled) { // in onSubscribe; else who cancels finds the task
            future.requestCancel();
        }
    }

    private void run() {
        Producer<T> toRun = producer.getAndSet(null);
        Throwable failure = null;
        CanceledException struck = null;
        try {
            Objects.requireNonNull(toRun).produce(this);
        } catch (CanceledException thrown) {
            struck = thrown;
            failure = thrown;
        } catch (Throwable thrown) { // errors too: it is this subscription's failure
            failure = thrown;
        }
        IllegalArgumentException bad = badRequest.get();
        end(bad != null ? bad : failure);
        if (struck != null) {
            throw struck;
        }
    }

    private void end(@Nullable Throwable failure) {
        Subscriber<? super T> last = subscriber.getAndSet(null);
        if (last == null || (canceled && badRequest.get() == null)) {
            return;
        }
        if (failure == null) {
            last.onComplete();
        } else {
            last.onError(failure);
        }
    }

    // ---------------------------------------------------------------- by the producer's task

    @Override
    public void await() {
        io.checkCancel();
        while (demand.get() == 0) {
            wakeUps.acquire(io);
        }
        granted = true;
    }

    @Override
    public void send(T item) {
        Objects.requireNonNull(item, "send to a subscriber: the item is null");
        if (!granted) {
            await();
        }
        granted = false;
        demand.getAndUpdate(left -> left == Long.MAX_VALUE ? left : left - 1);
        Objects.requireNonNull(subscriber.get(), "the task has ended").onNext(item);
    }

    // ---------------------------------------------------------------- by the subscriber

    @Override
    public void request(long count) {
        if (count <= 0) {
            badRequest.compareAndSet(
                    null, new IllegalArgumentException("request of " + count + " items: above zero (rule 3.9)"));
            stop();
            return;
        }
        long before = demand.getAndUpdate(left -> Long.MAX_VALUE - left < count ? Long.MAX_VALUE : left + count);
        if (before == 0) {
            wakeUps.release();
        }
    }

    @Override
    public void cancel() {
        stop();
    }

    private void stop() {
        canceled = true;
        Future<?> started = task.get();
        if (started != null) {
            started.requestCancel();
        }
    }

    @Override
    public String toString() {
        return "Subscription[" + demand + " asked for]";
    }
}
