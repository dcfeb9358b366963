package io.amphio.net;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TaskException;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.spi.NetErrors;
import io.amphio.sync.Channel;
import io.amphio.time.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connect to a host: a lookup, and attempts that race as soon as an address is known (RFC 8305, "happy eyeballs").
 *
 * <pre>
 *   attempts     event                               next           and then
 *   ----------   ---------------------------------   ------------   ------------------------------------------------------------
 *   none yet     the first addresses are known       1              at once; if they are IPv4's alone and the lookup goes on, only
 *                                                                   when {@link #RESOLUTION_DELAY} is over, or more is known
 *   n running    {@link #DELAY} without an end       n + 1          the next address gets an attempt, if there is one
 *   n running    one fails                           n              its place is taken by the next address, at once
 *   n running    more addresses are known            n              they join those that are left, and families go on taking turns
 *   none         no address is left, and none comes  0              the race has failed
 *   n running    one connects                        0              it has won: the others and the lookup are canceled and awaited
 *   n running    a cancel, or the deadline           0              all are canceled and awaited
 * </pre>
 *
 * <p>Nothing is left behind: the race is over only when the lookup and every attempt have ended, and a stream of one that connected
 * although another had won, or although it was canceled, is closed.
 *
 * <p><b>Threads:</b> the calling task's, but for {@code early}, which the lookup's task sends to.
 */
final class ConnectRace {
    /** How long an attempt runs before the next one joins it. */
    static final Duration DELAY = Duration.ofMillis(250);

    /** How long addresses of IPv4 wait for those of IPv6. */
    static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

    private final Net net;
    private final Io io;
    private final HostName host;
    private final int port;
    private final String target;
    private final Deadline deadline;
    private final long startedNanos;
    private final Channel<HostAddresses> early = Channel.unbounded();
    private @Nullable Future<HostAddresses> lookup; // null when it is over
    private final RaceOrder order = new RaceOrder();
    private Deadline joins = Deadline.NEVER; // when the next attempt begins, if there is an address for it
    private final List<IOException> failures = new ArrayList<>();
    private final List<Future<Stream>> running = new ArrayList<>();

    private ConnectRace(Net net, Io io, HostName host, int port, Timeout timeout) {
        this.net = net;
        this.io = io;
        this.host = host;
        this.port = port;
        this.target =
                "connect " + (host.ascii().indexOf(':') < 0 ? host.toString() : "[" + host.ascii() + "]") + ":" + port;
        this.startedNanos = io.clock().nanoTime();
        this.deadline = timeout.isNone() ? Deadline.NEVER : timeout.deadline(io.clock());
    }

    static Stream connect(Net net, Io io, HostName host, int port, Timeout timeout) throws IOException {
        return new ConnectRace(net, io, host, port, timeout).run();
    }

    private Timeout limit() {
        return deadline.isNever() ? Timeout.NONE : Timeout.at(deadline);
    }

    private Stream run() throws IOException {
        Stream winner = null;
        try {
            startLookup(net.resolver());
            winner = race();
        } finally {
            endAll(winner);
        }
        if (winner == null) {
            throw failed();
        }
        return winner;
    }

    /** Returns the first that connects, whose future is no longer among those that run; null if none does. */
    private @Nullable Stream race() throws IOException {
        Stream winner = null;
        while (winner == null && (lookup != null || order.hasNext() || !running.isEmpty())) {
            winner = order.hasNext() && joins.isPassed(io.clock()) ? attempt(order.next()) : untilNext();
        }
        return winner;
    }

    // ---------------------------------------------------------------- the lookup

    private void startLookup(Resolver resolver) throws IOException {
        if (host.address().isEmpty()) {
            var started = io.<HostAddresses>concurrent(
                    TaskOptions.named("lookup " + host),
                    () -> resolver.lookup(io, host, LookupOptions.DEFAULT, early::trySend));
            if (started.isRight()) {
                lookup = started.get();
                return;
            }
        }
        know(resolver.lookup(
                io, host, LookupOptions.DEFAULT.withTimeout(limit()))); // no task for it, or no need of one
    }

    private @Nullable Stream lookedUp(Future<HostAddresses> ended) throws IOException {
        lookup = null;
        try {
            know(ended.await(io)); // which need not wait
        } catch (TaskException failed) {
            if (!(failed.getCause() instanceof IOException told)) {
                throw failed;
            }
            if (!order.isKnown()) {
                throw told;
            }
            failures.add(told); // what it said before, may be enough
        }
        return null;
    }

    private @Nullable Stream know(HostAddresses found) {
        boolean isFirst = !order.isKnown();
        order.know(found.addresses());
        if (!order.hasBegun()) {
            if (lookup == null || !order.hasIpv4Only()) {
                joins = io.clock().deadlineAfter(Duration.ZERO);
            } else if (isFirst) {
                joins = io.clock().deadlineAfter(RESOLUTION_DELAY);
            }
        }
        return null;
    }

    // ---------------------------------------------------------------- attempts

    private @Nullable Stream attempt(InetAddress host) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (lookup != null || order.hasNext() || !running.isEmpty()) { // or there is nobody to race with
            var started = io.<Stream>concurrent(
                    TaskOptions.named("connect " + NetErrors.text(address)), () -> net.connect(io, address));
            if (started.isRight()) {
                running.add(started.get());
                joins = io.clock().deadlineAfter(DELAY);
                return null;
            }
        }
        joins = io.clock().deadlineAfter(Duration.ZERO); // without tasks, one comes after the other
        return attemptHere(address);
    }

    /** What has happened, and what to do about it. */
    @FunctionalInterface
    private interface News {
        /** Returns the winner, if this makes one. */
        @Nullable
        Stream take() throws IOException;
    }

    /** Waits for an attempt that ends, for more addresses, and no longer than until another attempt is to begin. */
    private @Nullable Stream untilNext() throws IOException {
        Select<News> select = new Select<>();
        for (Future<Stream> each : running) {
            select.on(each.doneArm(), _ -> () -> ended(each));
        }
        Future<HostAddresses> asked = lookup;
        if (asked != null) {
            select.on(asked.doneArm(), _ -> () -> lookedUp(asked));
            select.receive(early, found -> () -> know(found));
        }
        Deadline until = order.hasNext() && joins.compareTo(deadline) < 0 ? joins : deadline;
        if (!until.isNever()) {
            select.timeout(Timeout.at(until), () -> this::timePassed);
        }
        return select.await(io).take();
    }

    private @Nullable Stream timePassed() {
        if (deadline.isPassed(io.clock())) {
            throw timedOut();
        }
        return null;
    }

    private @Nullable Stream ended(Future<Stream> ended) {
        running.remove(ended);
        joins = io.clock().deadlineAfter(Duration.ZERO); // in place of one that has failed
        return switch (ended.outcome()) {
            case Outcome.Value<Stream>(Stream stream) -> stream;
            case Outcome.Failure<Stream>(Throwable thrown) -> failed(thrown);
            case Outcome.Canceled<Stream>(CanceledException canceled) ->
                failed(new ConnectException(target + ": the attempt was canceled (" + canceled.getMessage() + ")"));
            case null -> throw new AssertionError("an attempt that has not ended: " + ended);
        };
    }

    private @Nullable Stream failed(Throwable thrown) {
        switch (thrown) {
            case IOException refused -> failures.add(refused);
            case RuntimeException ours -> throw ours;
            case Error ours -> throw ours;
            default -> throw new AssertionError("a connect threw what it does not declare", thrown);
        }
        return null;
    }

    private @Nullable Stream attemptHere(InetSocketAddress address) {
        try {
            return net.connect(io, address, limit());
        } catch (IOException refused) {
            failures.add(refused);
            return null;
        } catch (TimedOutException passed) {
            if (deadline.isNever()) {
                throw passed;
            }
            throw timedOut();
        }
    }

    private TimedOutException timedOut() {
        long millis = Duration.ofNanos(io.clock().nanoTime() - startedNanos).toMillis();
        TimedOutException thrown = new TimedOutException(target + ": the deadline passed after " + millis + " ms"
                + (order.isKnown() ? "" : ", and its name was still being looked up"));
        failures.forEach(thrown::addSuppressed);
        return thrown;
    }

    /** Ends all that still run, also of a race that failed or was canceled. Not a cancellation point. */
    private void endAll(@Nullable Stream winner) {
        running.forEach(Future::requestCancel); // all first, so that they end side by side
        Future<HostAddresses> asked = lookup;
        if (asked != null) {
            asked.close();
        }
        for (Future<Stream> each : running) {
            each.close();
            if (each.outcome() instanceof Outcome.Value<Stream>(Stream late) && late != winner) {
                late.close();
            }
        }
    }

    /** Returns the most telling of the failures, as one of this host; all are suppressed in it. */
    private IOException failed() {
        IOException telling = failures.getFirst();
        for (IOException each : failures) {
            if (weight(each) > weight(telling)) {
                telling = each;
            }
        }
        String several = failures.size() == 1 ? "" : "none of " + failures.size() + " addresses; ";
        ConnectException thrown = new ConnectException(target + ": " + several + telling.getMessage());
        thrown.initCause(telling);
        failures.forEach(thrown::addSuppressed);
        return thrown;
    }

    /** A peer that says no tells more than a network that does not get there, and that more than a lack of means here. */
    private static int weight(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("ECONNREFUSED") || message.contains("ECONNRESET")) {
            return 3;
        }
        return message.contains("ETIMEDOUT") ? 2 : failure instanceof ConnectException ? 1 : 0;
    }
}
