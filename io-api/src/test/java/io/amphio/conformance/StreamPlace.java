package io.amphio.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.Io;
import io.amphio.Timeout;
import io.amphio.conformance.Meeting.Place;
import io.amphio.net.Server;
import io.amphio.net.Stream;
import io.amphio.sync.Semaphore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A connection between the two runtimes: every byte arrives, once, in order, whoever gave up in between. */
final class StreamPlace implements Place {
    private final Stream writes; // by whoever holds writing
    private final Stream reads; // by whoever holds reading
    private final Semaphore writing = new Semaphore(1);
    private final Semaphore reading = new Semaphore(1);
    private int written; // @GuardedBy("writing")
    private int read; // @GuardedBy("reading")

    private StreamPlace(Stream writes, Stream reads) {
        this.writes = writes;
        this.reads = reads;
    }

    static Place open(Io one, Io two) throws IOException {
        try (Server server = one.net().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Stream client = two.net().connect(two, server.localAddress());
            return new StreamPlace(client, server.accept(one));
        }
    }

    @Override
    public void step(Io io, SplittableRandom random) throws Exception {
        boolean writesNow = random.nextBoolean();
        Semaphore turn = writesNow ? writing : reading;
        turn.acquire(io, Chance.timeoutAlways(random));
        try {
            ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(random.nextInt(20) == 0 ? 300_000 : 100));
            if (writesNow) {
                write(io, buffer, random);
            } else {
                read(io, buffer, random);
            }
        } finally {
            turn.release();
        }
    }

    private void write(Io io, ByteBuffer buffer, SplittableRandom random) throws IOException {
        for (int i = 0; i < buffer.limit(); i++) {
            buffer.put(i, (byte) (written + i));
        }
        writes.setWriteTimeout(Chance.timeoutAlways(random));
        try {
            writes.write(io, buffer);
        } finally {
            written += buffer.position(); // what was transferred, also where it threw
        }
    }

    private void read(Io io, ByteBuffer buffer, SplittableRandom random) throws IOException {
        reads.setReadTimeout(Chance.timeoutAlways(random));
        try {
            reads.read(io, buffer);
        } finally {
            for (int i = 0; i < buffer.position(); i++) {
                assertEquals((byte) read++, buffer.get(i), "out of order");
            }
        }
    }

    @Override
    public void check(Io io) throws Exception {
        writes.shutdownOutput();
        reads.setReadTimeout(Timeout.after(Conformance.PATIENCE));
        ByteBuffer rest = ByteBuffer.allocate(1 << 16);
        while (reads.read(io, rest) >= 0) {
            for (int i = 0; i < rest.position(); i++) {
                assertEquals((byte) read++, rest.get(i), "out of order");
            }
            rest.clear();
        }
        assertEquals(written, read, "bytes written and read");
        writes.close();
        reads.close();
    }
}
