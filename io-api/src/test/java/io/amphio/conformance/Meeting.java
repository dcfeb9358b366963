package io.amphio.conformance;

import io.amphio.Io;
import java.util.SplittableRandom;

/**
 * Something that several parties do at one place again and again, while deadlines pass and cancels arrive at any moment, and
 * what must hold when they have all left.
 */
public enum Meeting {
    /** One at a time. */
    MUTEX(LockPlaces::mutex),
    /** One at a time, at any depth. */
    REENTRANT_MUTEX(LockPlaces::reentrantMutex),
    /** One who writes, or several who read. */
    RW_LOCK(LockPlaces::rwLock),
    /** No more than there are permits. */
    SEMAPHORE(LockPlaces::semaphore),
    /** A bounded buffer in the textbook way. */
    CONDITION(LockPlaces::condition),
    /** Each signal that found a waiter ends one wait. */
    NOTIFY(SignalPlaces::notifications),
    /** Pairs pass, with one leader each. */
    BARRIER(SignalPlaces::barrier),
    /** Some set it, some reset it, some wait. */
    EVENT(SignalPlaces::event),
    /** One completes it, any number watch. */
    FUTURE(SignalPlaces::future),
    /** Members come and end while others wait for all. */
    GROUP(SignalPlaces::group),
    /** Every message that was sent is received, once. */
    RENDEZVOUS(ChannelPlaces::rendezvous),
    /** Every message that was sent is received or still there, once. */
    BOUNDED_CHANNEL(ChannelPlaces::bounded),
    /** Every message that was sent is received or still there, once. */
    UNBOUNDED_CHANNEL(ChannelPlaces::unbounded),
    /** Every message is received once by each subscription. */
    BROADCAST_CHANNEL(ChannelPlaces::broadcast),
    /** Selects in opposite directions over two channels, and one of them twice. */
    SELECTS(ChannelPlaces::selects),
    /** Every byte arrives, once, in order. */
    STREAM(StreamPlace::open);

    @SuppressWarnings("ImmutableEnumChecker") // each is a method reference
    private final Opening opening;

    Meeting(Opening opening) {
        this.opening = opening;
    }

    /** Opens a place where nobody has been. */
    public Place open(Io io, Io other) throws Exception {
        return opening.open(io, other);
    }

    @FunctionalInterface
    private interface Opening {
        Place open(Io io, Io other) throws Exception;
    }

    /** Where the parties meet. */
    public interface Place {
        /**
         * Does one thing, by {@code io}, and undoes what others would wait for; a deadline or a cancel may end it at any point.
         */
        void step(Io io, SplittableRandom random) throws Exception;

        /** Fails unless everything is as it has to be, now that everybody has left. */
        void check(Io io) throws Exception;
    }
}
