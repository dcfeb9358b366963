package io.amphio.evented.sim;

import java.time.Duration;
import java.util.Objects;

/**
 * One thing that goes wrong in a simulated world, once, at a place that is counted: "the third receive".
 *
 * <p>Counting begins at 1, and goes over everything in the world: all receives of all connections, say. Points are counted
 * for each task by its name; {@code main} is that of the program. A fault whose place is never reached does nothing.
 *
 * <p>The {@code toString} of each is Java code that makes the same fault.
 */
public sealed interface Fault {
    /**
     * A receive, or a read of a file, gets less than there is.
     *
     * @param receive which of those that got something
     * @param bytes how many at most, 1 or more
     */
    record ShortReceive(int receive, int bytes) implements Fault {
        /** Checks the ranges. */
        public ShortReceive {
            requireCount(receive, "receive");
            requireCount(bytes, "bytes");
        }

        @Override
        public String toString() {
            return "Fault.shortReceive(" + receive + ", " + bytes + ")";
        }
    }

    /**
     * A send, or a write to a file, takes less than it could.
     *
     * @param send which of those that sent something
     * @param bytes how many at most, 1 or more
     */
    record PartialSend(int send, int bytes) implements Fault {
        /** Checks the ranges. */
        public PartialSend {
            requireCount(send, "send");
            requireCount(bytes, "bytes");
        }

        @Override
        public String toString() {
            return "Fault.partialSend(" + send + ", " + bytes + ")";
        }
    }

    /**
     * A message takes longer: what is sent after it on the same connection waits behind it, everything else overtakes it.
     *
     * @param message which of all segments, requests to connect and ends of streams
     * @param by how much longer
     */
    record Delay(int message, Duration by) implements Fault {
        /** Checks the ranges. */
        public Delay {
            requireCount(message, "message");
            requireNotNegative(by);
        }

        @Override
        public String toString() {
            return "Fault.delay(" + message + ", " + code(by) + ")";
        }
    }

    /**
     * A message is lost: of a stream it comes when it is sent again, which is late.
     *
     * @param message as in {@link Delay}
     */
    record Loss(int message) implements Fault {
        /** Checks the range. */
        public Loss {
            requireCount(message, "message");
        }

        @Override
        public String toString() {
            return "Fault.loss(" + message + ")";
        }
    }

    /**
     * A connection breaks instead of delivering a message: both ends get ECONNRESET, and a request to connect ECONNREFUSED.
     *
     * @param message as in {@link Delay}
     */
    record Reset(int message) implements Fault {
        /** Checks the range. */
        public Reset {
            requireCount(message, "message");
        }

        @Override
        public String toString() {
            return "Fault.reset(" + message + ")";
        }
    }

    /**
     * No descriptor is left for what is being opened or accepted: EMFILE.
     *
     * @param descriptor which of all that are opened or accepted
     */
    record NoDescriptor(int descriptor) implements Fault {
        /** Checks the range. */
        public NoDescriptor {
            requireCount(descriptor, "descriptor");
        }

        @Override
        public String toString() {
            return "Fault.noDescriptor(" + descriptor + ")";
        }
    }

    /**
     * No space is left for a write to a file, or to reserve some: ENOSPC.
     *
     * @param write which of all of these
     */
    record NoSpace(int write) implements Fault {
        /** Checks the range. */
        public NoSpace {
            requireCount(write, "write");
        }

        @Override
        public String toString() {
            return "Fault.noSpace(" + write + ")";
        }
    }

    /**
     * Somebody cancels a task at, or soon after, one of its cancellation points.
     *
     * @param task its name
     * @param point which of its points; every operation of an {@code Io} counts, also one that need not wait
     * @param stepsLater 0 for at the point itself; more for that many steps of the world after it, when the task may
     *     wait, or have been woken and not run yet
     */
    record Cancel(String task, int point, int stepsLater) implements Fault {
        /** Checks the ranges. */
        public Cancel {
            Objects.requireNonNull(task, "task");
            requireCount(point, "point");
            if (stepsLater < 0) {
                throw new IllegalArgumentException("stepsLater " + stepsLater + ": it has to be 0 or more");
            }
        }

        @Override
        public String toString() {
            return "Fault.cancel(" + quoted(task) + ", " + point + ", " + stepsLater + ")";
        }
    }

    /**
     * Time passes while a task is at one of its cancellation points, as if its machine had been suspended: every deadline that
     * is nearer passes there.
     *
     * @param task its name
     * @param point as in {@link Cancel}
     * @param length how much time
     */
    record Pause(String task, int point, Duration length) implements Fault {
        /** Checks the ranges. */
        public Pause {
            Objects.requireNonNull(task, "task");
            requireCount(point, "point");
            requireNotNegative(length);
        }

        @Override
        public String toString() {
            return "Fault.pause(" + quoted(task) + ", " + point + ", " + code(length) + ")";
        }
    }

    /** As {@link ShortReceive}. */
    static Fault shortReceive(int receive, int bytes) {
        return new ShortReceive(receive, bytes);
    }

    /** As {@link PartialSend}. */
    static Fault partialSend(int send, int bytes) {
        return new PartialSend(send, bytes);
    }

    /** As {@link Delay}. */
    static Fault delay(int message, Duration by) {
        return new Delay(message, by);
    }

    /** As {@link Loss}. */
    static Fault loss(int message) {
        return new Loss(message);
    }

    /** As {@link Reset}. */
    static Fault reset(int message) {
        return new Reset(message);
    }

    /** As {@link NoDescriptor}. */
    static Fault noDescriptor(int descriptor) {
        return new NoDescriptor(descriptor);
    }

    /** As {@link NoSpace}. */
    static Fault noSpace(int write) {
        return new NoSpace(write);
    }

    /** As {@link Cancel}, at the point itself. */
    static Fault cancel(String task, int point) {
        return new Cancel(task, point, 0);
    }

    /** As {@link Cancel}. */
    static Fault cancel(String task, int point, int stepsLater) {
        return new Cancel(task, point, stepsLater);
    }

    /** As {@link Pause}. */
    static Fault pause(String task, int point, Duration length) {
        return new Pause(task, point, length);
    }

    private static void requireCount(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " " + value + ": counting begins at 1");
        }
    }

    private static void requireNotNegative(Duration length) {
        if (length.isNegative()) {
            throw new IllegalArgumentException("a time below zero: " + length);
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String code(Duration length) {
        long nanos = length.toNanos();
        if (nanos % 1_000_000_000 == 0) {
            return "Duration.ofSeconds(" + nanos / 1_000_000_000 + ")";
        }
        if (nanos % 1_000_000 == 0) {
            return "Duration.ofMillis(" + nanos / 1_000_000 + ")";
        }
        return "Duration.ofNanos(" + nanos + ")";
    }
}
