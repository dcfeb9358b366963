package io.amphio.conformance;

import static io.amphio.conformance.Connection.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.amphio.CanceledException;
import io.amphio.Io;
import io.amphio.Outcome;
import io.amphio.Timeout;
import io.amphio.net.Stream;
import io.amphio.stream.Reader;
import io.amphio.stream.Transferred;
import io.amphio.tls.Tls;
import io.amphio.tls.TlsOptions;
import io.amphio.tls.TlsStream;
import io.amphio.tls.TruncatedStreamException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What TLS promises at every point of a short conversation, handshake included: of a connection that is cut there, of a cancel. */
public abstract class TlsPointsConformance extends Conformance {
    /**
     * Returns how many bytes lie between two cuts; where the first is, chance says. One subclass cuts at every byte.
     *
     * @param version of TLS
     */
    protected int stride(String version) {
        return 97;
    }

    // ---------------------------------------------------------------- cuts

    /** A connection that is cut, in both directions, once so many bytes have passed in one. What has passed arrives. */
    private static final class Cut {
        private final Connection plain;
        private int left; // owned by the task that writes in that direction
        private volatile boolean struck;

        Cut(Connection plain, int after) {
            this.plain = plain;
            this.left = after;
        }

        Stream end(Stream of, boolean isCounted) {
            return new Forwarding(of) {
                @Override
                public int write(Io io, ByteBuffer source) throws IOException {
                    if (isCounted && left == 0) {
                        strike();
                    }
                    if (struck) {
                        throw new SocketException("write 127.0.0.1: cut (EPIPE)");
                    }
                    int limit = source.limit();
                    source.limit(isCounted ? source.position() + Math.min(source.remaining(), left) : limit);
                    try {
                        int count = super.write(io, source);
                        left -= isCounted ? count : 0;
                        return count;
                    } finally {
                        source.limit(limit);
                    }
                }
            };
        }

        private void strike() {
            struck = true;
            for (Stream end : List.of(plain.client(), plain.server())) {
                try {
                    end.shutdownOutput();
                } catch (IOException closed) {
                    // which is an end as well
                }
            }
        }
    }

    private static void talkAsClient(Io io, Stream plain, TlsOptions options) throws IOException {
        try (TlsStream stream = Tls.client(io, plain, TlsPair.HOST, options)) {
            stream.writeAll(io, bytes("there"));
            assertArrayEquals(bytes("back").array(), new Reader(stream).readAll(io, 100), "cut short, and not told");
            stream.shutdownOutput(io);
        }
    }

    private static void talkAsServer(Io io, Stream plain, TlsOptions options) throws IOException {
        try (TlsStream stream = Tls.server(io, plain, options)) {
            Reader reader = new Reader(stream);
            assertArrayEquals(bytes("there").array(), reader.readExactly(io, 5));
            stream.writeAll(io, bytes("back"));
            stream.shutdownOutput(io);
            assertTrue(reader.isAtEnd(io), "more than was sent");
        }
    }

    /** Returns what it says; null if it has come to its end as if nothing had been. */
    private static IOException failureOf(Io io, Started<?> end, String what) {
        return switch (end.future().waitFor(io, Timeout.after(PATIENCE))) {
            case Outcome.Failure<?>(IOException told) -> told;
            case Outcome<?> other -> throw new AssertionError(what + ": " + other);
        };
    }

    private static void assertClear(String what, IOException told) {
        String message = String.valueOf(told.getMessage());
        boolean isClear = (told instanceof SSLHandshakeException && message.startsWith("TLS handshake with 127.0.0.1:"))
                || (told instanceof TruncatedStreamException && message.contains("truncated: the connection ended"))
                || (told instanceof SocketException && message.matches(".*\\((EPIPE|ECONNRESET)\\)")); // the other left
        assertTrue(isClear, what + ": " + told);
    }

    /** The end of TLS is a word of the peer's, so a connection that ends before it was said is no end, wherever it ends. */
    @ParameterizedTest
    @CsvSource({"TLSv1.3, true", "TLSv1.3, false", "TLSv1.2, true", "TLSv1.2, false"})
    void cut_at_any_byte_both_ends_say_so_and_none_takes_it_for_the_end(String version, boolean isToServer)
            throws Exception {
        run((io, other) -> {
            TlsOptions serving = TlsPair.serving().withVersions(version);
            TlsOptions trusting = TlsPair.trusting(); // nothing is resumed: each round has another port
            int stride = stride(version);
            int after = Seed.random().nextInt(stride);
            boolean through = false;
            int cuts = 0;
            while (!through) {
                String what = version + (isToServer ? " to the server" : " to the client") + ", cut after " + after;
                try (Connection plain = Connection.open(io, other)) {
                    Cut cut = new Cut(plain, after);
                    Started<?> serves =
                            Started.start(io, () -> talkAsServer(io, cut.end(plain.server(), !isToServer), serving));
                    Started<?> asks = Started.start(
                            other, () -> talkAsClient(other, cut.end(plain.client(), isToServer), trusting));
                    Outcome<?> served = serves.future().waitFor(io, Timeout.after(PATIENCE));
                    Outcome<?> asked = asks.future().waitFor(io, Timeout.after(PATIENCE));
                    through = !cut.struck;
                    if (through) {
                        assertTrue(
                                served instanceof Outcome.Value && asked instanceof Outcome.Value,
                                what + served + asked);
                    } else {
                        assertClear(what + ", server", failureOf(io, serves, what + ", server"));
                        assertClear(what + ", client", failureOf(io, asks, what + ", client"));
                        cuts++;
                    }
                }
                after += stride;
            }
            assertTrue(cuts >= 300 / stride, cuts + " cuts");
        });
    }

    // ---------------------------------------------------------------- cancels

    /** Every byte arrives once and in order, whatever step of the connection under it the cancel hits. */
    @Test
    void a_transfer_that_is_canceled_at_the_kth_step_for_every_k_goes_on_where_it_stopped() throws Exception {
        byte[] all = new byte[70_000]; // some records
        Seed.random().nextBytes(all);
        TlsOptions serving = TlsPair.serving();
        TlsOptions trusting = TlsPair.trusting();
        run((io, other) -> {
            boolean through = false;
            for (int k = 0; !through; k++) {
                try (Connection plain = Connection.open(io, other)) {
                    Canceling canceling = new Canceling(plain.client(), -1);
                    TlsPair pair = TlsPair.over(io, other, plain.server(), canceling, serving, trusting);
                    canceling.left = k;
                    Started<byte[]> echoed =
                            Started.start(other, () -> echoedInSpiteOfACancel(other, pair.client(), all));
                    byte[] there = new Reader(pair.server()).readExactly(io, all.length);
                    assertArrayEquals(all, there, "there, canceled at step " + k);
                    pair.server().writeAll(io, ByteBuffer.wrap(there));
                    pair.server().shutdownOutput(io);
                    assertArrayEquals(all, echoed.await(io), "back, canceled at step " + k);
                    through = !canceling.struck;
                    canceling.left = -1;
                    pair.close();
                    assertTrue(!through || k > 6, "through after " + k + " steps");
                }
            }
        });
    }

    private static byte[] echoedInSpiteOfACancel(Io io, TlsStream stream, byte[] all) throws IOException {
        boolean canceled = false;
        ByteBuffer source = ByteBuffer.wrap(all);
        Reader reader = new Reader(stream);
        byte[] back = null;
        while (back == null) {
            int before = source.position();
            try {
                stream.writeAll(io, source);
                stream.flush(io);
                back = reader.readAll(io, all.length);
            } catch (CanceledException struck) {
                assertTrue(!canceled, "canceled twice");
                canceled = true;
                if (Transferred.bytes(struck) >= 0) {
                    assertEquals(source.position() - before, Transferred.bytes(struck));
                }
            }
        }
        if (canceled) {
            io.recancel(); // it was swallowed, but not by this test
        }
        return back;
    }
}
