package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CancelProtection;
import io.amphio.CanceledException;
import io.amphio.Future;
import io.amphio.Group;
import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bugs of the kind that simulation is for, each beside its right twin: the one is found, and found again; the other passes. */
class PlantedBugsTest {
    /** Within so many seeds each bug has to be found. */
    private static final int SEEDS = 200;

    /** A bug, and the kind of failure that shows it. */
    enum Planted {
        LOST_WAKE_UP(SimulationFailure.Kind.DEADLOCK) {
            @Override
            void run(Io io, boolean broken) {
                TwinMutex mutex = new TwinMutex(broken);
                List<Future<?>> tasks = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    tasks.add(io.async(() -> {
                        for (int round = 0; round < 3; round++) {
                            mutex.lock(io);
                            try {
                                io.yieldNow();
                            } finally {
                                mutex.unlock();
                            }
                        }
                    }));
                }
                io.yieldNow();
                tasks.get(1).requestCancel();
                tasks.get(2).requestCancel();
                tasks.get(0).await(io);
                tasks.get(3).await(io);
            }
        },

        DROPPED_MESSAGE(SimulationFailure.Kind.DEADLOCK) {
            @Override
            void run(Io io, boolean broken) {
                TwinChannel channel = new TwinChannel(broken);
                Future<Integer> receiving = io.async(() -> channel.receive(io, Timeout.NONE));
                Future<?> sending = io.async(() -> {
                    io.checkCancel();
                    channel.send(42);
                });
                io.checkCancel();
                boolean received = receiving.cancel(io).isSuccess();
                sending.await(io);
                if (!received) {
                    assertEquals(42, channel.receive(io, Timeout.NONE));
                }
            }
        },

        MISSED_CANCEL(SimulationFailure.Kind.DEADLOCK) {
            @Override
            void run(Io io, boolean broken) {
                Event never = new Event();
                Future<?> waiting = io.async(() -> {
                    if (broken) {
                        io.checkCancel(); // the bug: a request that comes after this look is not seen
                        io.swapCancelProtection(CancelProtection.BLOCKED);
                    }
                    never.await(io);
                });
                io.yieldNow();
                waiting.cancel(io);
            }
        },

        LOOKED_TOO_EARLY(SimulationFailure.Kind.DEADLOCK) {
            @Override
            void run(Io io, boolean broken) {
                Event[] bell = {new Event()};
                boolean[] ready = {false};
                Future<?> waiting = io.async(() -> {
                    while (!ready[0]) {
                        Event next = bell[0];
                        if (broken) {
                            io.checkCancel(); // the bug: others may come in between the look and the wait
                            next = bell[0];
                        }
                        next.await(io);
                    }
                });
                io.checkCancel();
                ready[0] = true;
                Event rung = bell[0];
                bell[0] = new Event();
                rung.set();
                waiting.await(io);
            }
        },

        READ_IS_TAKEN_FOR_ALL(SimulationFailure.Kind.PROGRAM) {
            @Override
            void run(Io io, boolean broken) throws IOException {
                try (Server server = io.net().listen(new InetSocketAddress("10.0.0.1", 80));
                        Group group = new Group()) {
                    group.async(io, () -> {
                        try (Stream accepted = server.accept(io)) {
                            accepted.writeAll(io, ByteBuffer.wrap(new byte[100]));
                        }
                        return null;
                    });
                    try (Stream stream = io.net().connect(io, server.localAddress())) {
                        ByteBuffer got = ByteBuffer.allocate(100);
                        do {
                            stream.read(io, got);
                        } while (got.hasRemaining() && !broken); // the bug: one read need not bring all of it
                        assertEquals(100, got.position());
                    }
                }
            }
        },

        LEAK_ON_CANCEL(SimulationFailure.Kind.LEAK) {
            @Override
            void run(Io io, boolean broken) throws IOException {
                Stream stream;
                try (Server server = io.net().listen(new InetSocketAddress("10.0.0.1", 80))) {
                    stream = io.net().connect(io, server.localAddress());
                    try {
                        server.accept(io).close();
                    } catch (CanceledException canceled) {
                        if (!broken) { // the bug: what was opened before stays open
                            stream.close();
                        }
                        throw canceled;
                    }
                }
                stream.close();
            }
        };

        private final SimulationFailure.Kind kind;

        Planted(SimulationFailure.Kind kind) {
            this.kind = kind;
        }

        abstract void run(Io io, boolean broken) throws Exception;
    }

    private static final SimulationOptions OPTIONS =
            SimulationOptions.DEFAULT.withFaults(FaultKind.SHORT_RECEIVE, FaultKind.PARTIAL_SEND, FaultKind.CANCEL);

    @ParameterizedTest
    @EnumSource
    void the_broken_twin_is_found_and_its_seed_and_plan_fail_again(Planted planted) {
        SimulatedIo.Program program = io -> planted.run(io, true);
        SimulationFailure found =
                assertThrows(SimulationFailure.class, () -> SimulatedIo.explore(OPTIONS, SEEDS, program));
        System.err.println(planted + ": found with seed " + found.seed() + ", " + found.plan());
        assertEquals(planted.kind, found.kind(), found::getMessage);
        SimulationFailure again = assertThrows(
                SimulationFailure.class, () -> SimulatedIo.run(OPTIONS, found.seed(), found.plan(), program));
        assertEquals(found.kind(), again.kind());
        assertTrue(found.getMessage().contains(found.seed() + ", " + found.plan() + ", io -> …)"), found::getMessage);
    }

    @ParameterizedTest
    @EnumSource
    void the_right_twin_passes(Planted planted) {
        SimulatedIo.explore(OPTIONS, SEEDS, io -> planted.run(io, false));
    }
}
