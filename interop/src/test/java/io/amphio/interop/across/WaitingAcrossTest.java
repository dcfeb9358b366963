package io.amphio.interop.across;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Completer;
import io.amphio.Future;
import io.amphio.Io;
import io.amphio.IoOptions;
import io.amphio.IoRuntime;
import io.amphio.Outcome;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.conformance.Crowd;
import io.amphio.conformance.Meeting;
import io.amphio.conformance.Party;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.spi.Task;
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
import io.vavr.CheckedRunnable;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of parties, each passing its own {@code Io} and the other one, waits on the other's futures, locks and streams. */
class WaitingAcrossTest {
    private static final int LOOPS = 2;
    private static final int ROUNDS = 30;
    private static final Timeout SOON = Timeout.afterMillis(3);

    private static IoRuntime runtime;
    private static Io evented;
    private static Io blocking;
    private static Canary canary;
    private static Crowd crowd;

    @BeforeAll
    static void open() {
        runtime = IoRuntime.open(
                IoOptions.of("evented").with("loops", Integer.toString(LOOPS)).with("mode", "pinned"));
        evented = runtime.io();
        blocking = runtime.blocking();
        canary = new Canary(evented, LOOPS);
        crowd = new Crowd(blocking, evented);
    }

    @AfterAll
    static void no_loop_was_ever_blocked() {
        canary.close();
        runtime.close();
        assertTrue(crowd.hasSeenBoth(), crowd::toString);
        // A loop that waited for any of this would have stood still for seconds; the machine itself may pause for some
        // ms.
        assertTrue(
                canary.longestPause().compareTo(Duration.ofSeconds(1)) < 0,
                () -> "a pause of " + canary.longestPause());
    }

    /** Two parties, where the other tasks are the evented ones, and the {@code Io} that each passes. */
    record Pair(Party one, Party other, boolean oneEvented, boolean otherEvented) {
        Io ioOfOne() {
            return oneEvented ? evented : blocking;
        }

        Io ioOfOther() {
            return otherEvented ? evented : blocking;
        }

        void run(CheckedRunnable ofOne, CheckedRunnable ofOther) {
            Future<?> first = one.start(blocking, evented, ofOne);
            Future<?> second = other.start(blocking, evented, ofOther);
            first.await(blocking);
            second.await(blocking);
        }
    }

    static List<Pair> pairs() {
        Party[] parties = Party.values();
        return IntStream.range(0, parties.length * parties.length * 4)
                .mapToObj(i -> new Pair(
                        parties[i / 4 / parties.length], parties[i / 4 % parties.length], (i & 1) != 0, (i & 2) != 0))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_rendezvous_channel_hands_every_message_over_once(Pair pair) {
        Channel<Integer> there = Channel.rendezvous();
        Channel<Integer> back = Channel.rendezvous();
        pair.run(
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        there.send(pair.ioOfOne(), i);
                        assertEquals(i, back.receive(pair.ioOfOne()));
                    }
                },
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        back.send(pair.ioOfOther(), there.receive(pair.ioOfOther()));
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_mutex_lets_one_in_at_a_time(Pair pair) {
        Mutex mutex = new Mutex();
        int[] count = {0};
        pair.run(() -> increment(pair.ioOfOne(), mutex, count), () -> increment(pair.ioOfOther(), mutex, count));
        assertEquals(2 * ROUNDS, count[0]);
    }

    private static void increment(Io io, Mutex mutex, int[] count) {
        for (int i = 0; i < ROUNDS; i++) {
            mutex.lock(io);
            try {
                int before = count[0];
                io.yieldNow();
                count[0] = before + 1;
            } finally {
                mutex.unlock();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void events_conditions_semaphores_and_barriers_wake_the_other(Pair pair) {
        Event event = new Event();
        Semaphore semaphore = new Semaphore(0);
        Barrier barrier = new Barrier(2);
        Mutex mutex = new Mutex();
        Condition changed = new Condition(mutex);
        boolean[] said = {false};
        pair.run(
                () -> {
                    Io io = pair.ioOfOne();
                    event.await(io);
                    semaphore.acquire(io);
                    barrier.await(io);
                    mutex.withLock(io, () -> {
                        while (!said[0]) {
                            changed.await(io);
                        }
                    });
                },
                () -> {
                    Io io = pair.ioOfOther();
                    event.set();
                    semaphore.release();
                    barrier.await(io);
                    mutex.withLock(io, () -> {
                        said[0] = true;
                        changed.signal();
                    });
                });
    }

    /** A step that waits until the other has done something, and what it has to do. */
    private record Handover(CheckedRunnable waits, Runnable done) {}

    @ParameterizedTest
    @MethodSource("pairs")
    void locks_signals_and_broadcasts_reach_the_other(Pair pair) {
        Io io = pair.ioOfOne();
        ReentrantMutex reentrant = new ReentrantMutex();
        RwLock read = new RwLock();
        RwLock written = new RwLock();
        Notify notify = new Notify();
        BroadcastChannel<Integer> news = new BroadcastChannel<>(1);
        Subscription<Integer> subscription = news.subscribe();
        List<Handover> handovers = List.of(
                new Handover(() -> reentrant.withLock(io, () -> reentrant.withLock(io, () -> {})), reentrant::unlock),
                new Handover(() -> read.lockWrite(io), read::unlockRead),
                new Handover(() -> written.lockRead(io), written::unlockWrite),
                new Handover(() -> notify.await(io), notify::signal),
                new Handover(() -> assertEquals(7, subscription.receive(io)), () -> news.send(7)));
        AtomicReference<Task> waiting = new AtomicReference<>();
        Event held = new Event();
        AtomicInteger turn = new AtomicInteger(); // of the handovers that have begun
        pair.run(
                () -> {
                    held.await(io);
                    waiting.set(Task.current());
                    for (Handover handover : handovers) {
                        turn.incrementAndGet();
                        handover.waits.run();
                    }
                },
                () -> {
                    Io own = pair.ioOfOther();
                    reentrant.lock(own);
                    read.lockRead(own);
                    written.lockWrite(own);
                    held.set();
                    for (int i = 0; i < handovers.size(); i++) {
                        while (turn.get() <= i || waiting.get().waitsFor() == null) {
                            own.sleep(Duration.ofNanos(20_000));
                        }
                        handovers.get(i).done.run();
                    }
                });
        assertFalse(reentrant.isLocked());
    }

    /** Cancels and deadlines at random moments of every operation; each meeting checks at its end that nothing was lost. */
    @ParameterizedTest
    @MethodSource("pairs")
    void nothing_is_lost_at_any_meeting_whatever_is_canceled(Pair pair) throws Exception {
        for (Meeting meeting : Meeting.values()) {
            try {
                crowd.meet(
                        meeting, List.of(pair.one(), pair.other()), List.of(pair.ioOfOne(), pair.ioOfOther()), ROUNDS);
            } catch (AssertionError broken) {
                throw new AssertionError(meeting + ": " + broken.getMessage(), broken);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_select_takes_one_of_a_channel_and_a_future_and_leaves_the_other(Pair pair) {
        Channel<Integer> numbers = new Channel<>(1);
        Completer<Integer> last = new Completer<>();
        AtomicInteger received = new AtomicInteger();
        pair.run(
                () -> {
                    boolean more = true;
                    while (more) {
                        more = new Select<Boolean>()
                                .receive(numbers, number -> {
                                    received.addAndGet(number);
                                    return true;
                                })
                                .future(last.future(), number -> {
                                    received.addAndGet(number);
                                    return false;
                                })
                                .inOrder()
                                .await(pair.ioOfOne());
                    }
                },
                () -> {
                    for (int i = 1; i <= ROUNDS; i++) {
                        numbers.send(pair.ioOfOther(), i);
                    }
                    last.succeed(1_000);
                });
        assertEquals(1_000 + ROUNDS * (ROUNDS + 1) / 2, received.get());
        assertEquals(0, numbers.size());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_deadline_ends_a_wait_and_takes_nothing(Pair pair) {
        Channel<Integer> channel = new Channel<>(1);
        Event timedOut = new Event();
        pair.run(
                () -> {
                    Io io = pair.ioOfOne();
                    assertThrows(TimedOutException.class, () -> channel.receive(io, SOON));
                    assertThrows(
                            TimedOutException.class,
                            () -> io.withTimeout(Duration.ofMillis(3), () -> channel.receive(io)));
                    timedOut.set();
                    assertEquals(7, channel.receive(io));
                },
                () -> {
                    timedOut.await(pair.ioOfOther());
                    channel.send(pair.ioOfOther(), 7);
                });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void one_awaits_and_cancels_a_task_of_the_other(Pair pair) {
        if (!pair.other().isTask()) {
            return; // a plain thread has no future to cancel
        }
        Channel<Integer> never = Channel.rendezvous();
        Event cleanedUp = new Event();
        Future<?> waiting = pair.other().start(blocking, evented, () -> {
            try {
                never.receive(pair.ioOfOther());
            } catch (CanceledException canceled) {
                cleanedUp.set();
                throw canceled;
            }
        });
        pair.one()
                .start(
                        blocking,
                        evented,
                        () -> assertTrue(waiting.cancel(pair.ioOfOne()).isFailure()))
                .await(blocking);
        assertTrue(cleanedUp.isSet());
        assertTrue(waiting.outcome() instanceof Outcome.Canceled<?>);
        assertFalse(never.trySend(1), "the canceled receiver is still queued");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_cancel_at_any_moment_loses_no_message(Pair pair) {
        if (!pair.other().isTask()) {
            return; // a plain thread cannot be canceled
        }
        for (int round = 0; round < ROUNDS; round++) {
            Channel<Integer> channel = new Channel<>(1);
            AtomicInteger taken = new AtomicInteger();
            Future<?> receiver = pair.other().start(blocking, evented, () -> {
                while (true) {
                    taken.addAndGet(channel.receive(pair.ioOfOther()));
                }
            });
            int sent = pair.one() == Party.TASK ? round % 3 : round % 5;
            Future<?> sender = pair.one().start(blocking, evented, () -> {
                for (int i = 0; i < sent; i++) {
                    channel.send(pair.ioOfOne(), 1);
                }
                receiver.requestCancel();
            });
            sender.await(blocking);
            receiver.cancel(blocking);
            assertEquals(sent, taken.get() + channel.size(), "in round " + round);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_stream_that_one_opened_is_used_by_both(Pair pair) throws Exception {
        try (Server server = pair.ioOfOne().net().listen(new InetSocketAddress("127.0.0.1", 0))) {
            Channel<Stream> accepted = new Channel<>(1);
            pair.run(
                    () -> {
                        accepted.send(pair.ioOfOne(), server.accept(pair.ioOfOne()));
                        try (Stream stream = pair.ioOfOne().net().connect(pair.ioOfOne(), server.localAddress());
                                Stream echo = server.accept(pair.ioOfOne())) {
                            stream.setReadTimeout(SOON);
                            assertThrows(
                                    TimedOutException.class, () -> stream.read(pair.ioOfOne(), ByteBuffer.allocate(1)));
                            stream.setReadTimeout(Timeout.NONE);
                            echo.writeAll(pair.ioOfOne(), ByteBuffer.wrap(new byte[] {42}));
                            ByteBuffer read = ByteBuffer.allocate(1);
                            stream.read(pair.ioOfOne(), read);
                            assertEquals(42, read.get(0));
                        }
                    },
                    () -> {
                        Io io = pair.ioOfOther();
                        try (Stream client = io.net().connect(io, server.localAddress());
                                Stream theirs = accepted.receive(io)) { // opened by the Io of the other
                            for (int i = 0; i < ROUNDS; i++) {
                                client.writeAll(io, ByteBuffer.wrap(new byte[] {(byte) i}));
                                ByteBuffer read = ByteBuffer.allocate(1);
                                theirs.read(io, read);
                                assertEquals((byte) i, read.get(0));
                            }
                        }
                    });
        }
    }
}
