package io.amphio.net;

import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TaskOptions;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.time.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connect to a host with several addresses: attempts that race (RFC 8305, "happy eyeballs").
 *
 * <pre>
 *   attempts     event                          next           and then
 *   ----------   ----------------------------   ------------   -------------------------------------------------------
 *   n running    {@link #DELAY} without an end  n + 1          the next address gets an attempt, if there is one
 *   n running    one fails                      n              its place is taken by the next address, at once
 *   1 running    it fails, no address is left   0              the race has failed
 *   n running    one connects                   0              it has won: the others are canceled and awaited
 *   n running    a cancel, or the deadline      0              all are canceled and awaited
 * </pre>
 *
 * <p>Nothing is left behind: the race is over only when every attempt has ended, and a stream of one that connected although
 * another had won, or although it was canceled, is closed.
 *
 * <p><b>Threads:</b> the calling task's.
 */
final class ConnectRace {
    /** How long an attempt runs before the next one joins it. */
    static final Duration DELAY = Duration.ofMillis(250);

    private final Net net;
    private final Io io;
    private final String target;
    private final Deadline deadline;
    private final long startedNanos;
    private final List<IOException> failures = new ArrayList<>();
    private final List<Future<Stream>> running = new ArrayList<>();

    private ConnectRace(Net net, Io io, HostName host, int port, Timeout timeout) {
        this.net = net;
        this.io = io;
        this.target =
                "connect " + (host.ascii().indexOf(':') < 0 ? host.toString() : "[" + host.ascii() + "]") + ":" + port;
        this.startedNanos = io.clock().nanoTime();
        this.deadline = timeout.isNone() ? Deadline.NEVER : timeout.deadline(io.clock());
    }

    static Stream connect(Net net, Io io, HostName host, int port, Timeout timeout) throws IOException {
        ConnectRace race = new ConnectRace(net, io, host, port, timeout);
        Timeout limit = race.limit();
        List<InetAddress> addresses =
                net.lookup(io, host, LookupOptions.DEFAULT.withTimeout(limit)).addresses();
        return race.run(interleaved(addresses), port);
    }

    private Timeout limit() {
        return deadline.isNever() ? Timeout.NONE : Timeout.at(deadline);
    }

    /** Returns the same addresses so that families take turns, beginning with that of the first. */
    static List<InetAddress> interleaved(List<InetAddress> addresses) {
        Deque<InetAddress> first = new ArrayDeque<>();
        Deque<InetAddress> second = new ArrayDeque<>();
        boolean isFirstIpv6 = addresses.getFirst() instanceof Inet6Address;
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address == isFirstIpv6 ? first : second).add(address);
        }
        List<InetAddress> result = new ArrayList<>(addresses.size());
        while (result.size() < addresses.size()) {
            take(first, result);
            take(second, result);
        }
        return result;
    }

    private static void take(Deque<InetAddress> from, List<InetAddress> to) {
        InetAddress next = from.poll();
        if (next != null) {
            to.add(next);
        }
    }

    private Stream run(List<InetAddress> addresses, int port) throws IOException {
        if (addresses.size() == 1) { // nobody to race with
            Stream stream = attemptHere(new InetSocketAddress(addresses.getFirst(), port));
            if (stream == null) {
                throw failed();
            }
            return stream;
        }
        Stream winner = null;
        try {
            winner = race(addresses, port);
        } finally {
            endAll(winner);
        }
        if (winner == null) {
            throw failed();
        }
        return winner;
    }

    /** Returns the first that connects, whose future is no longer among those that run; null if none does. */
    private @Nullable Stream race(List<InetAddress> addresses, int port) {
        int next = 0;
        while (next < addresses.size() || !running.isEmpty()) {
            if (next < addresses.size()) {
                InetSocketAddress address = new InetSocketAddress(addresses.get(next++), port);
                var started = io.<Stream>concurrent(
                        TaskOptions.named("connect " + text(address)), () -> net.connect(io, address));
                if (started.isLeft()) { // no task for it: one after the other, then
                    Stream stream = attemptHere(address);
                    if (stream != null) {
                        return stream;
                    }
                    continue;
                }
                running.add(started.get());
            }
            Stream winner = untilNext(next < addresses.size());
            if (winner != null) {
                return winner;
            }
        }
        return null;
    }

    /** Waits for an attempt that connects, and only until another one is to join, or to take the place of one that failed. */
    private @Nullable Stream untilNext(boolean isOneLeft) {
        Deadline joins = isOneLeft ? io.clock().deadlineAfter(DELAY) : Deadline.NEVER;
        Deadline until = joins.compareTo(deadline) < 0 ? joins : deadline;
        Select<@Nullable Future<Stream>> select = new Select<>();
        for (Future<Stream> each : running) {
            select.on(each.doneArm(), done -> each);
        }
        if (!until.isNever()) {
            select.timeout(Timeout.at(until), () -> null);
        }
        Future<Stream> ended = select.await(io);
        if (ended == null) {
            if (deadline.isPassed(io.clock())) {
                throw timedOut();
            }
            return null;
        }
        running.remove(ended);
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
        TimedOutException thrown = new TimedOutException(target + ": the deadline passed after " + millis + " ms");
        failures.forEach(thrown::addSuppressed);
        return thrown;
    }

    /** Ends all that still run, also of a race that failed or was canceled. Not a cancellation point. */
    private void endAll(@Nullable Stream winner) {
        running.forEach(Future::requestCancel); // all first, so that they end side by side
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

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
