package io.amphio.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.evented.sim.FaultKind;
import io.amphio.evented.sim.SimulatedIo;
import io.amphio.evented.sim.SimulationOptions;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The echo server in simulated worlds: a test to copy. */
class EchoSimulationTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 7);

    @Test
    void all_bytes_come_back_in_whatever_pieces_and_order_they_travel() {
        SimulatedIo.explore(200, EchoSimulationTest::threeClients);
    }

    @Test
    void a_cancel_at_any_point_leaves_nothing_open() {
        SimulationOptions canceling = SimulationOptions.DEFAULT.withFaults(FaultKind.CANCEL, FaultKind.DELAY);
        SimulatedIo.explore(canceling, 200, EchoSimulationTest::threeClients);
    }

    private static void threeClients(Io io) throws IOException {
        try (Server server = io.net().listen(ADDRESS);
                Group serving = new Group();
                Group clients = new Group()) {
            serving.async(io, () -> Echo.serve(io, server));
            for (int i = 0; i < 3; i++) {
                byte[] message = new byte[1 + 7_000 * i];
                message[0] = (byte) i;
                clients.async(io, () -> exchange(io, message));
            }
            clients.await(io);
            serving.cancel(io);
        }
    }

    private static void exchange(Io io, byte[] message) throws IOException {
        try (Stream stream = io.net().connect(io, ADDRESS);
                Group sending = new Group()) {
            sending.async(io, () -> {
                stream.writeAll(io, ByteBuffer.wrap(message));
                stream.shutdownOutput();
            });
            byte[] back = new byte[message.length];
            new Reader(stream).readExactly(io, back);
            assertArrayEquals(message, back);
            sending.await(io);
        }
    }
}
