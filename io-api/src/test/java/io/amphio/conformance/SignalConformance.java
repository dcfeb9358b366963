package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Io;
import io.amphio.IoRuntime;
import io.amphio.Select;
import io.amphio.TimedOutException;
import io.amphio.Timeout;
import io.amphio.process.Signal;
import io.amphio.process.SignalSubscription;
import io.amphio.sync.Channel;
import io.amphio.sync.ChannelClosedException;
import io.amphio.sync.Event;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** What signals promise. They are raised in this process. */
public abstract class SignalConformance extends Conformance {
    private static final Timeout LONG = Timeout.after(PATIENCE);
    private static final Timeout SHORT = Timeout.afterMillis(30);

    /** Runs {@code body} as a main task; or checks the refusal, where there is one. */
    private void runWithSignals(IoRuntime.Main<Exception> body) throws Exception {
        run(io -> {
            try {
                io.signals();
            } catch (UnsupportedOperationException refused) {
                assertTrue(
                        String.valueOf(refused.getMessage()).startsWith("signals in a simulation: "),
                        refused::getMessage);
                return;
            }
            Object before = handlerOf(Signal.USR1);
            try {
                body.run(io);
            } finally {
                assertEquals(before, handlerOf(Signal.USR1), "the handler is not put back");
            }
        });
    }

    /** Sends a signal to this process. Told by a thread of the JDK's, a little later. */
    private static void raise(Signal signal) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            type.getMethod("raise", type)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal.name()));
        } catch (ReflectiveOperationException failed) {
            throw new LinkageError("sun.misc.Signal", failed);
        }
    }

    /** Installs another handler, puts back what was there, and returns what that was. */
    private static Object handlerOf(Signal signal) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object raised = type.getConstructor(String.class).newInstance(signal.name());
            Object before = type.getMethod("handle", type, handler)
                    .invoke(null, raised, handler.getField("SIG_IGN").get(null));
            type.getMethod("handle", type, handler).invoke(null, raised, before);
            return before;
        } catch (ReflectiveOperationException failed) {
            throw new LinkageError("sun.misc.Signal", failed);
        }
    }

    @Test
    void a_signal_that_comes_is_received() throws Exception {
        runWithSignals(io -> {
            try (SignalSubscription signals = io.signals().subscribe(Signal.USR1)) {
                assertEquals(Option.none(), signals.tryReceive());
                raise(Signal.USR1);
                assertEquals(Signal.USR1, signals.receive(io, LONG));
                Started<Signal> waits =
                        Started.start(io, () -> signals.receive(io)).untilWaiting(io);
                raise(Signal.USR1);
                assertEquals(Signal.USR1, waits.await(io));
            }
        });
    }

    @Test
    @SuppressWarnings("try") // one is closed early
    void each_of_several_subscribers_gets_each_signal() throws Exception {
        runWithSignals(io -> {
            try (SignalSubscription one = io.signals().subscribe(Signal.USR1);
                    SignalSubscription two = io.signals().subscribe(Signal.USR1, Signal.WINCH)) {
                raise(Signal.USR1);
                assertEquals(Signal.USR1, one.receive(io, LONG));
                assertEquals(Signal.USR1, two.receive(io, LONG));
                raise(Signal.WINCH);
                assertEquals(Signal.WINCH, two.receive(io, LONG));
                one.close();
                raise(Signal.USR1);
                assertEquals(Signal.USR1, two.receive(io, LONG));
                assertThrows(ChannelClosedException.class, one::tryReceive);
            }
        });
    }

    @Test
    void what_is_not_received_is_kept_once() throws Exception {
        runWithSignals(io -> {
            try (SignalSubscription kept = io.signals().subscribe(Signal.USR1, Signal.WINCH);
                    SignalSubscription witness = io.signals().subscribe(Signal.USR1, Signal.WINCH)) {
                for (Signal signal : new Signal[] {Signal.USR1, Signal.WINCH, Signal.USR1, Signal.USR1}) {
                    raise(signal);
                    assertEquals(signal, witness.receive(io, LONG)); // subscribed later, so told later
                }
                assertEquals(Option.some(Signal.USR1), kept.tryReceive());
                assertEquals(Option.some(Signal.WINCH), kept.tryReceive());
                assertEquals(Option.none(), kept.tryReceive());
            }
        });
    }

    @Test
    void a_receive_that_is_late_or_canceled_takes_none() throws Exception {
        runWithSignals(io -> {
            try (SignalSubscription signals = io.signals().subscribe(Signal.USR1)) {
                String late = assertThrows(TimedOutException.class, () -> signals.receive(io, SHORT))
                        .getMessage();
                assertTrue(String.valueOf(late).startsWith("receive from subscription to [SIGUSR1]"), late);
                Started<Signal> canceled =
                        Started.start(io, () -> signals.receive(io)).untilWaiting(io);
                Started<Signal> waits =
                        Started.start(io, () -> signals.receive(io)).untilWaiting(io);
                assertTrue(canceled.endsCanceled(io));
                raise(Signal.USR1);
                assertEquals(Signal.USR1, waits.await(io));
            }
        });
    }

    private static String select(Io io, SignalSubscription one, SignalSubscription two, Event event) {
        return new Select<String>()
                .on(one.receiveArm(), arm -> "one " + arm.signal())
                .on(two.receiveArm(), arm -> "two " + arm.signal())
                .event(event, () -> "event")
                .timeout(LONG, () -> "late")
                .await(io);
    }

    @Test
    void a_select_waits_for_signals_and_other_things() throws Exception {
        runWithSignals(io -> {
            try (SignalSubscription one = io.signals().subscribe(Signal.USR1);
                    SignalSubscription two = io.signals().subscribe(Signal.WINCH)) {
                Event event = new Event();
                Started<String> waits =
                        Started.start(io, () -> select(io, one, two, event)).untilWaiting(io);
                raise(Signal.WINCH);
                assertEquals("two SIGWINCH", waits.await(io));
                raise(Signal.USR1);
                assertEquals("one SIGUSR1", select(io, one, two, event));
                event.set();
                assertEquals("event", select(io, one, two, event));
                Channel<String> empty = new Channel<>(1);
                raise(Signal.USR1);
                assertEquals(
                        Signal.USR1,
                        new Select<Signal>()
                                .receive(empty, Signal::of)
                                .on(one.receiveArm(), arm -> arm.signal())
                                .await(io));
                assertEquals(Option.none(), one.tryReceive());
            }
        });
    }

    @Test
    void closing_tells_who_waits() throws Exception {
        runWithSignals(io -> {
            SignalSubscription signals = io.signals().subscribe(Signal.USR1);
            Started<?> waits = Started.start(
                            io, () -> assertThrows(ChannelClosedException.class, () -> signals.receive(io)))
                    .untilWaiting(io);
            signals.close();
            waits.await(io);
            signals.close();
            assertThrows(ChannelClosedException.class, () -> signals.receive(io));
        });
    }

    @Test
    void what_cannot_be_taken_is_refused_with_the_reason_and_nothing_is_subscribed() throws Exception {
        runWithSignals(io -> {
            for (String name : new String[] {"KILL", "STOP", "QUIT", "SEGV", "PIPE", "CHLD", "NOSUCH"}) {
                String message = assertThrows(
                                UnsupportedOperationException.class,
                                () -> io.signals()
                                        .subscribe(Signal.USR1, Signal.of(name))
                                        .close())
                        .getMessage();
                assertTrue(String.valueOf(message).startsWith("take SIG" + name + ": "), message);
            }
        });
        assertEquals(Signal.TERM, Signal.of("sigterm"));
        assertThrows(IllegalArgumentException.class, () -> Signal.of("SIG"));
        assertThrows(IllegalArgumentException.class, () -> Signal.of("a b"));
    }

    /** The run of a main task ends by TERM, unless somebody takes that. */
    @Test
    void a_subscription_to_term_takes_it_from_the_main_task_as_long_as_it_is_open() throws Exception {
        runWithSignals(outer -> {
            boolean[] handled = {false};
            try (IoRuntime runtime = newRuntime()) {
                outer.call(
                        outer,
                        () -> runtime.run(io -> {
                            try (SignalSubscription signals = io.signals().subscribe(Signal.TERM)) {
                                raise(Signal.TERM);
                                assertEquals(Signal.TERM, signals.receive(io, LONG));
                                io.checkCancel();
                                handled[0] = true;
                            }
                            raise(Signal.TERM);
                            new Event().await(io); // until it is canceled
                        }));
            }
            assertTrue(handled[0]);
        });
    }
}
