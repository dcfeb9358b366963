package io.amphio.evented.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.amphio.evented.backend.Descriptor;
import io.amphio.evented.backend.Operation;
import io.amphio.evented.backend.Operation.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams whose sends and receives are canceled at random: every byte arrives once and in order, positions tell how many, and no
 * buffer changes outside of what was received into it.
 */
class UringStressTest {
    private static final byte UNTOUCHED = (byte) 0xA5;
    private static final int OPERATIONS = 10_000;

    @BeforeAll
    static void available() {
        Uring.assumeAvailable();
    }

    @Timeout(60)
    @ParameterizedTest
    @CsvSource({"4, 8, 16", "32, 64, 100", "256, 4096, 30"})
    void no_byte_is_lost_doubled_or_misplaced(int submissions, int completions, int connections) throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        try (var driven = new Driven(submissions, completions)) {
            new Stress(driven, connections, new Random(seed)).run();
        } catch (Throwable e) {
            throw new AssertionError("-Dseed=" + seed, e);
        }
    }

    private static final class Stress {
        private final Driven driven;
        private final Random random;
        private final ArrayList<Flow> flows = new ArrayList<>();
        private int submitted;

        Stress(Driven driven, int connections, Random random) throws Exception {
            this.driven = driven;
            this.random = random;
            for (int i = 0; i < connections; i++) {
                var pair = driven.connect();
                flows.add(new Flow(pair.client(), pair.server()));
                flows.add(new Flow(pair.server(), pair.client()));
            }
            driven.also = operation -> ((Flow) operation.owner()).ended(operation);
        }

        void run() {
            while (submitted < OPERATIONS) {
                step();
            }
            flows.forEach(flow -> flow.closing = true);
            while (flows.stream().anyMatch(flow -> flow.sent != flow.received || flow.send != null)) {
                step();
            }
        }

        private void step() {
            Flow flow = flows.get(random.nextInt(flows.size()));
            switch (random.nextInt(8)) {
                case 0, 1 -> flow.send();
                case 2, 3, 4 -> flow.receive();
                case 5 -> flow.cancel(flow.send);
                case 6 -> flow.cancel(flow.receive);
                default -> driven.backend.poll(0);
            }
        }

        /** One direction of a connection. The byte at place n of the stream is n, modulo a prime. */
        private final class Flow {
            private final Descriptor from;
            private final Descriptor to;
            private long sent;
            private long received;
            private boolean closing;
            private Operation send;
            private Operation receive;

            Flow(Descriptor from, Descriptor to) {
                this.from = from;
                this.to = to;
            }

            private static byte at(long place) {
                return (byte) (place % 251);
            }

            void send() {
                if (send != null || closing) {
                    return;
                }
                var buffers = buffers();
                long place = sent;
                for (var buffer : buffers) {
                    for (int i = buffer.position(); i < buffer.limit(); i++) {
                        buffer.put(i, at(place++));
                    }
                }
                send = begin(Kind.SEND, from, buffers);
            }

            void receive() {
                if (receive == null) {
                    var buffers = buffers();
                    for (var buffer : buffers) {
                        var all = buffer.duplicate().clear();
                        while (all.hasRemaining()) {
                            all.put(UNTOUCHED);
                        }
                    }
                    receive = begin(Kind.RECEIVE, to, buffers);
                }
            }

            private ByteBuffer[] buffers() {
                var buffers = new ByteBuffer[1 + random.nextInt(3)];
                for (int i = 0; i < buffers.length; i++) {
                    int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 100_000 : 600);
                    var buffer =
                            random.nextBoolean() ? ByteBuffer.allocate(size + 8) : ByteBuffer.allocateDirect(size + 8);
                    buffers[i] = buffer.limit(size + 4).position(4);
                }
                return buffers;
            }

            private Operation begin(Kind kind, Descriptor descriptor, ByteBuffer[] buffers) {
                submitted++;
                var operation = new Operation(kind, this);
                operation.setDescriptor(descriptor);
                operation.setBuffers(buffers);
                driven.submit(operation);
                return driven.isInFlight(operation) ? operation : null;
            }

            void cancel(Operation operation) {
                if (operation != null) {
                    driven.backend.cancel(operation);
                }
            }

            void ended(Operation operation) {
                long moved = 0;
                for (var buffer : operation.buffers()) {
                    moved += buffer.position() - 4;
                }
                switch (operation.outcome()) {
                    case DONE -> assertEquals(operation.count(), moved);
                    case CANCELED -> assertEquals(0, moved);
                    case FAILED -> throw new AssertionError(operation.failure());
                }
                if (operation.kind() == Kind.SEND) {
                    sent += moved;
                    send = null;
                } else {
                    check(operation.buffers());
                    received += moved;
                    receive = null;
                }
            }

            private void check(ByteBuffer[] buffers) {
                long place = received;
                for (var buffer : buffers) {
                    var all = buffer.duplicate().clear();
                    for (int i = 0; i < all.limit(); i++) {
                        boolean inside = i >= 4 && i < buffer.position();
                        byte expected = inside ? at(place++) : UNTOUCHED;
                        if (all.get(i) != expected) {
                            throw new AssertionError("byte " + i + " is " + all.get(i) + " and not " + expected);
                        }
                    }
                }
            }
        }
    }
}
