package io.amphio.evented.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.TimedOutException;
import io.amphio.evented.coro.SchedulerBridge;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Plans of faults: printed as code, met at their places, drawn and made smaller. */
class ExplorationTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.1.2.3", 80);

    @Test
    void a_plan_prints_as_the_code_that_makes_it() {
        FaultPlan plan = FaultPlan.of(
                Fault.shortReceive(1, 2),
                Fault.partialSend(3, 4),
                Fault.delay(5, Duration.ofMillis(1_500)),
                Fault.loss(6),
                Fault.reset(7),
                Fault.noDescriptor(8),
                Fault.cancel("the \"main\"", 9),
                Fault.cancel("main", 10, 11),
                Fault.pause("main", 12, Duration.ofSeconds(13)));
        assertEquals(
                "FaultPlan.of(Fault.shortReceive(1, 2), Fault.partialSend(3, 4), Fault.delay(5, Duration.ofMillis(1500)),"
                        + " Fault.loss(6), Fault.reset(7), Fault.noDescriptor(8), Fault.cancel(\"the \\\"main\\\"\", 9, 0),"
                        + " Fault.cancel(\"main\", 10, 11), Fault.pause(\"main\", 12, Duration.ofSeconds(13)))",
                plan.toString());
        assertEquals("FaultPlan.NONE", FaultPlan.of().toString());
        assertEquals(
                plan,
                FaultPlan.NONE
                        .with(plan.faults().getFirst())
                        .with(plan.faults().get(1))
                        .with(plan.faults().get(2))
                        .with(plan.faults().get(3))
                        .with(plan.faults().get(4))
                        .with(plan.faults().get(5))
                        .with(plan.faults().get(6))
                        .with(plan.faults().get(7))
                        .with(plan.faults().get(8)));
        assertThrows(IllegalArgumentException.class, () -> Fault.loss(0));
        assertThrows(IllegalArgumentException.class, () -> Fault.pause("main", 1, Duration.ofMillis(-1)));
    }

    @Test
    void a_plan_is_made_as_small_as_it_can_be() {
        SimulatedIo.Program program = io -> {
            try {
                sendTen(io);
            } catch (IOException reset) {
                throw new IllegalStateException("it cannot bear a reset", reset);
            }
        };
        FaultPlan plan = FaultPlan.of(
                Fault.delay(1, Duration.ofSeconds(1)),
                Fault.shortReceive(2, 1),
                Fault.reset(4),
                Fault.partialSend(1, 3),
                Fault.pause("main", 1, Duration.ofSeconds(100)));
        SimulationFailure first = assertThrows(SimulationFailure.class, () -> SimulatedIo.run(5, plan, program));
        SimulationFailure smallest =
                new Exploration(SimulationOptions.DEFAULT, SchedulerBridge.open(), program).shrink(5, plan, first);
        assertEquals(FaultPlan.of(Fault.reset(4)), smallest.plan());
        assertTrue(String.valueOf(smallest.getMessage())
                .endsWith("SimulatedIo.run(5, FaultPlan.of(Fault.reset(4)), io -> …)"));
    }

    private static void sendTen(Io io) throws IOException {
        try (Server server = io.net().listen(ADDRESS)) {
            try (Stream stream = io.net().connect(io, ADDRESS);
                    Stream accepted = server.accept(io)) {
                for (int i = 0; i < 10; i++) {
                    stream.writeAll(io, ByteBuffer.wrap(new byte[4]));
                    ByteBuffer got = ByteBuffer.allocate(4);
                    while (got.hasRemaining()) {
                        if (accepted.read(io, got) < 0) {
                            throw new IOException("an end that was not sent");
                        }
                    }
                }
            }
        }
    }

    @Test
    void a_fault_that_takes_effect_only_early_is_found_among_many_and_alone() {
        SimulationOptions options =
                SimulationOptions.DEFAULT.withFaults(FaultKind.RESET, FaultKind.DELAY, FaultKind.LOSS);
        SimulationFailure failure = assertThrows(
                SimulationFailure.class, () -> SimulatedIo.explore(options, 100, ExplorationTest::sendTen));
        assertInstanceOf(IOException.class, failure.getCause());
        assertEquals(1, failure.plan().faults().size(), failure::getMessage);
        assertInstanceOf(Fault.Reset.class, failure.plan().faults().getFirst());
    }

    @Test
    void harmless_faults_harm_no_program_that_is_right() {
        SimulatedIo.explore(200, ExplorationTest::sendTen);
    }

    @Test
    void each_kind_of_fault_is_met_at_its_place() {
        assertThrowsInside(FaultPlan.of(Fault.reset(1)), "ECONNREFUSED");
        assertThrowsInside(FaultPlan.of(Fault.reset(3)), "ECONNRESET");
        assertThrowsInside(FaultPlan.of(Fault.noDescriptor(1)), "EMFILE");
        assertThrowsInside(FaultPlan.of(Fault.noDescriptor(2)), "EMFILE");
        Duration undisturbed =
                SimulatedIo.run(1, FaultPlan.NONE, ExplorationTest::sendTen).elapsed();
        assertTrue(
                SimulatedIo.run(1, FaultPlan.of(Fault.noDescriptor(3)), ExplorationTest::sendTen)
                                .elapsed()
                                .compareTo(undisturbed)
                        > 0,
                "an accept without a descriptor backs off, and tries again");
        assertTrue(
                SimulatedIo.run(1, FaultPlan.of(Fault.loss(1)), ExplorationTest::sendTen)
                                .elapsed()
                                .toMillis()
                        >= 1_000,
                "a request to connect that is lost is sent again after a second");
        assertTrue(SimulatedIo.run(1, FaultPlan.of(Fault.loss(4)), ExplorationTest::sendTen)
                        .elapsed()
                        .toMillis()
                >= 200);
        assertTrue(SimulatedIo.run(1, FaultPlan.of(Fault.delay(4, Duration.ofHours(1))), ExplorationTest::sendTen)
                        .elapsed()
                        .toMinutes()
                >= 60);
    }

    private static void assertThrowsInside(FaultPlan plan, String errno) {
        SimulationFailure failure =
                assertThrows(SimulationFailure.class, () -> SimulatedIo.run(1, plan, ExplorationTest::sendTen));
        assertInstanceOf(IOException.class, failure.getCause());
        assertTrue(String.valueOf(failure.getMessage()).contains(errno), failure::getMessage);
    }

    @Test
    void short_transfers_are_as_short_as_planned() {
        List<Integer> sizes = new ArrayList<>();
        FaultPlan plan = FaultPlan.of(Fault.partialSend(1, 3), Fault.shortReceive(2, 1));
        SimulatedIo.run(1, plan, io -> {
            try (Server server = io.net().listen(ADDRESS);
                    Stream stream = io.net().connect(io, ADDRESS);
                    Stream accepted = server.accept(io)) {
                sizes.add(stream.write(io, ByteBuffer.wrap(new byte[10])));
                sizes.add(stream.write(io, ByteBuffer.wrap(new byte[10])));
                io.sleep(Duration.ofSeconds(1)); // all has arrived
                sizes.add(accepted.read(io, ByteBuffer.allocate(4)));
                sizes.add(accepted.read(io, ByteBuffer.allocate(4)));
                sizes.add(accepted.read(io, ByteBuffer.allocate(100)));
            }
        });
        assertEquals(List.of(3, 10, 4, 1, 8), sizes);
    }

    @Test
    void a_cancel_at_each_point_in_turn_leaves_nothing_behind() {
        SimulationRun quiet = SimulatedIo.run(3, ExplorationTest::sendTen);
        int points = quiet.places(FaultKind.CANCEL);
        assertTrue(points > 20, quiet::toString);
        AtomicInteger canceled = new AtomicInteger();
        for (int point = 1; point <= points; point++) {
            for (int later = 0; later < 3; later++) {
                SimulatedIo.run(3, FaultPlan.of(Fault.cancel("main", point, later)), io -> {
                    try {
                        sendTen(io);
                    } catch (CanceledException it) {
                        canceled.incrementAndGet();
                        throw it; // that the plan has canceled it is no failure
                    }
                });
            }
        }
        assertTrue(canceled.get() > points, "most of them hit");
    }

    @Test
    void a_pause_makes_the_deadlines_pass_that_are_nearer() {
        SimulatedIo.Program program = io -> io.withTimeout(Duration.ofMinutes(1), () -> {
            Event event = new Event();
            event.set();
            for (int i = 0; i < 5; i++) {
                event.await(io);
            }
        });
        assertEquals(0, SimulatedIo.run(1, program).elapsed().toMillis());
        for (int point = 1; point <= 4; point++) {
            FaultPlan plan = FaultPlan.of(Fault.pause("main", point, Duration.ofMinutes(2)));
            SimulationFailure failure = assertThrows(SimulationFailure.class, () -> SimulatedIo.run(1, plan, program));
            assertInstanceOf(TimedOutException.class, failure.getCause());
            FaultPlan shorter = FaultPlan.of(Fault.pause("main", point, Duration.ofSeconds(50)));
            assertEquals(50, SimulatedIo.run(1, shorter, program).elapsed().toSeconds());
        }
    }
}
