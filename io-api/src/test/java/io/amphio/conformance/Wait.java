package io.amphio.conformance;

import io.amphio.Completer;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.sync.Barrier;
import io.amphio.sync.BroadcastChannel;
import io.amphio.sync.Channel;
import io.amphio.sync.Condition;
import io.amphio.sync.Event;
import io.amphio.sync.Mutex;
import io.amphio.sync.Notify;
import io.amphio.sync.ReentrantMutex;
import io.amphio.sync.RwLock;
import io.amphio.sync.Semaphore;
import io.amphio.sync.Subscription;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Each kind of wait there is, in a form that the same tests can be run on. */
enum Wait {
    EVENT(false) {
        @Override
        Source open() {
            Event event = new Event();
            return source(event::await, event::set);
        }
    },
    FUTURE(false) {
        @Override
        Source open() {
            Completer<String> completer = new Completer<>();
            return source(completer.future()::waitFor, () -> completer.succeed("done"));
        }
    },
    END_OF_A_GROUP(false) {
        @Override
        Source open() {
            Completer<String> member = new Completer<>();
            Group group = new Group();
            group.add(member.future());
            // Not by its await, which when canceled ends the members.
            return select(select -> select.group(group, () -> true), () -> member.succeed("done"));
        }
    },
    SELECT(false) {
        @Override
        Source open() {
            Event event = new Event();
            Completer<String> never = new Completer<>();
            return select(select -> select.future(never.future(), value -> true).event(event, () -> true), event::set);
        }
    },
    CONDITION(false) {
        @Override
        Source open() {
            Mutex mutex = new Mutex();
            Condition changed = new Condition(mutex);
            AtomicBoolean happened = new AtomicBoolean(); // changed while the mutex is held
            return new Source(
                    (io, timeout) -> mutex.withLock(io, () -> {
                        while (!happened.get()) {
                            changed.await(io, timeout);
                        }
                    }),
                    io -> {
                        mutex.lockUncanceled(io);
                        happened.set(true);
                        changed.signalAll();
                        mutex.unlock();
                        return true;
                    });
        }
    },
    MUTEX(true) {
        @Override
        Source open() {
            Mutex mutex = new Mutex();
            return held(mutex::lock, mutex::tryLock, mutex::unlock);
        }
    },
    REENTRANT_MUTEX(true) {
        @Override
        Source open() {
            ReentrantMutex mutex = new ReentrantMutex();
            return held(mutex::lock, mutex::tryLock, mutex::unlock);
        }
    },
    READ_LOCK(false) {
        @Override
        Source open() {
            RwLock lock = new RwLock();
            return held(lock::lockRead, lock::tryLockWrite, lock::unlockWrite);
        }
    },
    WRITE_LOCK(true) {
        @Override
        Source open() {
            RwLock lock = new RwLock();
            return held(lock::lockWrite, lock::tryLockRead, lock::unlockRead);
        }
    },
    SEMAPHORE(true) {
        @Override
        Source open() {
            Semaphore semaphore = new Semaphore(0);
            return source(semaphore::acquire, semaphore::release);
        }
    },
    NOTIFY(true) {
        @Override
        Source open() {
            Notify notify = new Notify();
            return kept(notify::await, io -> notify.signal());
        }
    },
    BARRIER(true) {
        @Override
        Source open() {
            Barrier barrier = new Barrier(2);
            return kept(barrier::await, io -> {
                try {
                    return barrier.await(io, Timeout.afterMillis(0));
                } catch (TimedOutException nobody) {
                    return false;
                }
            });
        }
    },
    RECEIVE(true) {
        @Override
        Source open() {
            Channel<String> channel = Channel.unbounded();
            return source(channel::receive, () -> channel.trySend("message"));
        }
    },
    SEND(true) {
        @Override
        Source open() {
            Channel<String> channel = new Channel<>(1);
            channel.trySend("in the way");
            return new Source(
                    (io, timeout) -> channel.send(io, "message", timeout),
                    io -> channel.tryReceive().isDefined());
        }
    },
    RECEIVE_OF_A_RENDEZVOUS(true) {
        @Override
        Source open() {
            Channel<String> channel = Channel.rendezvous();
            return kept(channel::receive, io -> channel.trySend("message"));
        }
    },
    SEND_TO_A_RENDEZVOUS(true) {
        @Override
        Source open() {
            Channel<String> channel = Channel.rendezvous();
            return kept(
                    (io, timeout) -> channel.send(io, "message", timeout),
                    io -> channel.tryReceive().isDefined());
        }
    },
    RECEIVE_OF_A_BROADCAST(true) {
        @Override
        Source open() {
            BroadcastChannel<String> channel = new BroadcastChannel<>(64);
            Subscription<String> subscription = channel.subscribe();
            return source(subscription::receive, () -> channel.send("message"));
        }
    },
    SELECT_OVER_CHANNELS(true) {
        @Override
        Source open() {
            Channel<String> never = Channel.rendezvous();
            Channel<String> channel = Channel.unbounded();
            return select(
                    select -> select.receive(never, message -> true).receive(channel, message -> true),
                    () -> channel.trySend("message"));
        }
    };

    private final boolean once;

    /**
     * Describes a kind of wait.
     *
     * @param once whether what happens ends one wait and not all
     */
    Wait(boolean once) {
        this.once = once;
    }

    boolean once() {
        return once;
    }

    /** Creates something to wait for that has not happened. */
    abstract Source open();

    /** One wait. */
    @FunctionalInterface
    interface Awaiting {
        void await(Io io, Timeout timeout) throws Exception;
    }

    /** Something to wait for; {@code happening} returns whether it happened once more. */
    record Source(Awaiting awaiting, Predicate<Io> happening) {
        /** Waits. */
        void await(Io io, Timeout timeout) throws Exception {
            awaiting.await(io, timeout);
        }

        void await(Io io) throws Exception {
            await(io, Timeout.NONE);
        }

        /** Makes it happen; if nobody waits, the next wait finds it. Returns false if it cannot happen again. */
        boolean happen(Io io) {
            return happening.test(io);
        }
    }

    private static Source source(Awaiting awaiting, Runnable happening) {
        return new Source(awaiting, io -> {
            happening.run();
            return true;
        });
    }

    /** A lock that somebody else holds, and what it does to let it go: it happens once. */
    private static Source held(Awaiting lock, BooleanSupplier tryLock, Runnable unlock) {
        Holder holder = new Holder();
        AtomicBoolean held = new AtomicBoolean(true);
        holder.does(() -> {
            if (!tryLock.getAsBoolean()) {
                throw new AssertionError("a new lock is held");
            }
        });
        return new Source(lock, io -> {
            if (!held.getAndSet(false)) {
                return false;
            }
            holder.does(unlock);
            return true;
        });
    }

    /** What reaches only who waits already, with a count of what found nobody, for the next one to find. */
    private static Source kept(Awaiting awaiting, Predicate<Io> reachesWhoWaits) {
        AtomicInteger kept = new AtomicInteger();
        return new Source(
                (io, timeout) -> {
                    if (kept.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
                        try {
                            io.checkCancel();
                        } catch (Throwable canceled) {
                            kept.incrementAndGet();
                            throw canceled;
                        }
                    } else {
                        awaiting.await(io, timeout);
                    }
                },
                io -> {
                    if (!reachesWhoWaits.test(io)) {
                        kept.incrementAndGet();
                    }
                    return true;
                });
    }

    private static Source select(UnaryOperator<Select<Boolean>> arms, Runnable happening) {
        return source(
                (io, timeout) -> {
                    Select<Boolean> select = arms.apply(new Select<>());
                    if (!select.timeout(timeout, () -> false).await(io)) {
                        throw new TimedOutException("select: " + timeout);
                    }
                },
                happening);
    }
}
