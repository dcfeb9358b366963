package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.Completer;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an interrupt from outside does to a wait: nothing. The wait neither ends nor spins, nothing is closed, and the flag is set
 * again afterwards. {@link WaitConformance} says the same of every synchronizer.
 */
public abstract class InterruptConformance extends Conformance {
    /** Something that waits until something else is done. */
    record Scene(Action waits, Action ends, BooleanSupplier intact) {
        Scene(Action waits, Action ends) {
            this(waits, ends, () -> true);
        }
    }

    @FunctionalInterface
    interface Action {
        void run(Io io) throws Exception;
    }

    /** What waits, besides the synchronizers. */
    enum Kind {
        AWAIT {
            @Override
            Scene open(Io io, Io other) {
                Completer<Integer> completer = new Completer<>();
                return new Scene(own -> completer.future().await(own), main -> completer.succeed(1));
            }
        },
        CANCEL {
            @Override
            Scene open(Io io, Io other) {
                Completer<Integer> stubborn = new Completer<>("stubborn", () -> {});
                return new Scene(own -> stubborn.future().cancel(own), main -> stubborn.succeed(1));
            }
        },
        CLOSE_OF_A_FUTURE {
            @Override
            Scene open(Io io, Io other) {
                Completer<Integer> stubborn = new Completer<>("stubborn", () -> {});
                return new Scene(own -> stubborn.future().close(), main -> stubborn.succeed(1));
            }
        },
        AWAIT_OF_A_GROUP {
            @Override
            Scene open(Io io, Io other) {
                Completer<Integer> member = new Completer<>();
                Group group = new Group();
                group.add(member.future());
                return new Scene(group::await, main -> member.succeed(1));
            }
        },
        READ {
            @Override
            Scene open(Io io, Io other) throws Exception {
                Connection pair = Connection.open(io, other);
                return new Scene(
                        own -> assertEquals("x", Connection.read(own, pair.server())),
                        main -> pair.client().writeAll(main, Connection.bytes("x")),
                        pair.server()::isOpen);
            }
        },
        WRITE {
            @Override
            Scene open(Io io, Io other) throws Exception {
                Connection pair = Connection.open(io, other);
                int size = 10_000_000;
                return new Scene(
                        own -> pair.client().writeAll(own, ByteBuffer.allocate(size)),
                        main -> Connection.readFully(main, pair.server(), ByteBuffer.allocate(size)),
                        pair.client()::isOpen);
            }
        },
        ACCEPT {
            @Override
            Scene open(Io io, Io other) throws Exception {
                Server server = io.net().listen(Connection.ANY_PORT);
                return new Scene(
                        own -> server.accept(own).close(),
                        main -> other.net().connect(main, server.localAddress()).close(),
                        server::isOpen);
            }
        };

        abstract Scene open(Io io, Io other) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void entered_with_the_flag_set_it_waits_without_spinning_and_closes_nothing(Kind kind) throws Exception {
        run((io, other) -> {
            for (Party party : List.of(Party.OTHER_TASK, Party.PLATFORM_THREAD)) {
                Io own = party.ioOf(io, other);
                Scene scene = kind.open(io, other);
                Acting<Boolean> waits = Acting.<Boolean>start(party, io, other, () -> {
                            Thread.currentThread().interrupt();
                            scene.waits().run(own);
                            return Thread.interrupted();
                        })
                        .untilWaiting(io);
                WaitConformance.assertIdle(io);
                scene.ends().run(io);
                assertTrue(waits.get(io), "the flag was lost");
                assertTrue(scene.intact().getAsBoolean());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void interrupted_while_it_waits_it_waits_on_and_closes_nothing(Kind kind) throws Exception {
        run((io, other) -> {
            for (Party party : Party.values()) {
                Io own = party.ioOf(io, other);
                Scene scene = kind.open(io, other);
                Acting<Boolean> waits = Acting.<Boolean>start(party, io, other, () -> {
                            scene.waits().run(own);
                            return Thread.interrupted();
                        })
                        .untilWaiting(io);
                waits.interrupt();
                io.sleep(Duration.ofMillis(1)); // the wrong would happen now
                assertFalse(waits.end().isDone());
                scene.ends().run(io);
                assertTrue(waits.get(io), "the flag was lost");
                assertTrue(scene.intact().getAsBoolean());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_sleep_lasts_as_long_as_asked_with_the_flag_set_and_interrupted(Party party) throws Exception {
        run((io, other) -> {
            Io own = party.ioOf(io, other);
            Duration duration = Duration.ofMillis(30);
            AtomicReference<Thread> sleeping = new AtomicReference<>();
            Acting<Boolean> sleeps = Acting.start(party, io, other, () -> {
                sleeping.set(Thread.currentThread());
                Thread.currentThread().interrupt();
                long start = own.clock().nanoTime();
                own.sleep(duration);
                assertTrue(own.clock().nanoTime() - start >= duration.toNanos(), "it was cut short");
                return Thread.interrupted();
            });
            until(io, () -> sleeping.get() != null);
            sleeping.get().interrupt();
            assertTrue(sleeps.get(io), "the flag was lost");
        });
    }

    @Test
    void a_connect_with_the_flag_set_connects() throws Exception {
        run((io, other) -> {
            try (Server server = io.net().listen(Connection.ANY_PORT)) {
                Started<Boolean> connects = Started.start(other, () -> {
                    Thread.currentThread().interrupt();
                    try (Stream client = other.net().connect(other, server.localAddress())) {
                        client.writeAll(other, Connection.bytes("x"));
                        return Thread.interrupted();
                    }
                });
                try (Stream accepted = server.accept(io)) {
                    assertEquals("x", Connection.read(io, accepted));
                }
                assertTrue(connects.await(io), "the flag was lost");
            }
        });
    }
}
