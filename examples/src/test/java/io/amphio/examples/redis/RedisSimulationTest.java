package io.amphio.examples.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.Group;
import io.amphio.Io;
import io.amphio.evented.sim.SimulatedIo;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The server in simulated worlds, where a hundred seconds take no time. */
class RedisSimulationTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 6379);

    private interface Program {
        void run(Io io, Stream stream, Reader reader) throws IOException;
    }

    private static void inSomeWorlds(Program program) {
        for (int seed = 0; seed < 20; seed++) { // without faults: a delay, and a key would have less time to live
            SimulatedIo.run(seed, io -> serve(io, program));
        }
    }

    private static void serve(Io io, Program program) throws IOException {
        try (Server server = io.net().listen(ADDRESS);
                Group serving = new Group()) {
            serving.async(io, () -> Redis.serve(io, server));
            try (Stream stream = io.net().connect(io, ADDRESS)) {
                program.run(io, stream, new Reader(stream));
            }
            serving.cancel(io);
        }
    }

    private static void ask(Io io, Stream stream, Reader reader, String command, String... answer) throws IOException {
        stream.writeAll(io, ByteBuffer.wrap((command + "\r\n").getBytes(StandardCharsets.US_ASCII)));
        for (String line : answer) {
            assertEquals(line, reader.readLine(io, 1000));
        }
    }

    @Test
    void keys_expire_by_the_clock_of_the_io() {
        inSomeWorlds((io, stream, reader) -> {
            ask(io, stream, reader, "SET k v EX 100", "+OK");
            ask(io, stream, reader, "SET l v PX 300000", "+OK");
            ask(io, stream, reader, "SET m v EX 100", "+OK");
            ask(io, stream, reader, "SET m w KEEPTTL", "+OK");
            ask(io, stream, reader, "SET n v EX 100", "+OK");
            ask(io, stream, reader, "SET n w", "+OK");
            ask(io, stream, reader, "TTL k", ":100");
            io.sleep(Duration.ofSeconds(90));
            ask(io, stream, reader, "GET k", "$1", "v");
            ask(io, stream, reader, "EXPIRE k 1000", ":1");
            ask(io, stream, reader, "PERSIST l", ":1");
            io.sleep(Duration.ofSeconds(500));
            ask(io, stream, reader, "GET k", "$1", "v");
            ask(io, stream, reader, "TTL l", ":-1");
            ask(io, stream, reader, "GET m", "$-1");
            ask(io, stream, reader, "TTL m", ":-2");
            ask(io, stream, reader, "TTL n", ":-1");
            io.sleep(Duration.ofSeconds(511));
            ask(io, stream, reader, "GET k", "$-1");
            ask(io, stream, reader, "SET k v NX EX 9223372036854775807", "+OK"); // as if for ever
            ask(io, stream, reader, "EXPIRE k -1", ":1");
            ask(io, stream, reader, "EXISTS k", ":0");
        });
    }

    @Test
    void what_nobody_asks_for_is_removed_too() {
        SimulatedIo.run(1, io -> {
            Database database = new Database(io.clock());
            for (int i = 0; i < 10; i++) {
                database.put("k" + i, "v");
                database.expireAfter("k" + i, Duration.ofSeconds(10 + i));
            }
            io.sleep(Duration.ofMillis(14_500));
            assertEquals(true, database.removeExpired(3));
            assertEquals(false, database.removeExpired(3));
            assertEquals(5, database.size());
        });
    }
}
